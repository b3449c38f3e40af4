// Mails by way of a server.

import NIOCore
import NIOPosix

/// Sends mails to a server that takes them further.
///
/// A connection is kept for some seconds for the next mail, and over each goes one mail at a time; there are no more of them than the options say,
/// and who comes later waits.
public final class SMTPMailer: Mailer {
    private let server: SMTPServer
    private let options: SMTPOptions
    private let setup: @Sendable (NIODeadline) -> SMTPHandler.Setup
    private let pool: SMTPPool

    /// Connects to nothing yet.
    /// - Throws: ``MailLocation/Fault``, when a certificate's file can not be read or the options' name is none.
    public init(_ server: SMTPServer, options: SMTPOptions = SMTPOptions()) throws(MailLocation.Fault) {
        guard SMTPOptions.isName(options.clientName) else { throw MailLocation.Fault("the name for EHLO must be a domain or an address in brackets") }
        self.server = server
        self.options = options
        let tls = try server.tls()
        let session = SMTPSession.Setup(
            encryption: server.encryption,
            login: server.login,
            mayLogInUnencrypted: server.isLoopback,
            clientName: options.clientName
        )
        let serverName = server.serverName
        setup = { deadline in
            SMTPHandler.Setup(
                session: session,
                tls: tls,
                serverName: serverName,
                greetingTimeout: TimeAmount(options.greetingTimeout),
                commandTimeout: TimeAmount(options.commandTimeout),
                deadline: deadline
            )
        }
        pool = SMTPPool(limit: max(1, options.connections), idle: options.idleTimeout, uses: max(1, options.mailsPerConnection))
    }

    deinit { close() }

    public func send(_ message: MailMessage) async throws(MailError) {
        let deadline = NIODeadline.now() + TimeAmount(options.sendTimeout)
        let envelope = SMTPEnvelope(message)
        var place = try await pool.take(within: options.sendTimeout)
        if let kept = place.connection {
            do throws(MailError) {
                try await kept.send(envelope, until: deadline)
                return pool.give(back: place)
            } catch {
                guard kept.isOver, error.allowsAnotherConnection, deadline > .now() else {
                    pool.give(back: place)
                    throw error
                }
                // The server ended it while nothing was sent. That says nothing of the mail.
                place = SMTPPool.Place()
            }
        }
        do throws(MailError) {
            let connection = try await open(until: deadline)
            place.connection = connection
            try await connection.send(envelope, until: deadline)
        } catch {
            pool.give(back: place)
            throw error
        }
        pool.give(back: place)
    }

    /// Connects, encrypts and logs in as for a mail, and sends none: to find out whether the settings are right.
    /// - Throws: ``MailError``.
    public func check() async throws(MailError) {
        let deadline = NIODeadline.now() + TimeAmount(options.sendTimeout)
        var place = try await pool.take(within: options.sendTimeout)
        defer { pool.give(back: place) }
        // One that was kept proves nothing about now.
        place.connection?.close()
        place = SMTPPool.Place()
        place.connection = try await open(until: deadline)
    }

    private func open(until deadline: NIODeadline) async throws(MailError) -> SMTPConnection {
        let timeout = min(TimeAmount(options.connectTimeout), deadline - .now())
        return try await SMTPConnection.open(to: server, connectTimeout: timeout, setup(deadline))
    }

    /// How many connections there are or may be at this moment, and how many of them are kept for the next mail.
    public var connections: (taken: Int, kept: Int) { pool.count }

    /// Takes leave of the server. Mails under way still go; no others do.
    public func close() { pool.close() }
}

extension MailError {
    /// Whether it is the connection's fault: the server did not take the mail and said nothing of it.
    fileprivate var allowsAnotherConnection: Bool {
        switch self {
        case .unavailable: true
        case .deferred(let refusal): refusal.code == 421
        case .unanswered, .refused, .misconfigured, .unsendable: false
        }
    }
}
