// A client's side of SMTP.

/// Speaks to a mail server: greets, encrypts, logs in, and sends one mail after the other. Does no IO: it is told what has come and says what to do.
///
/// RFC 5321, with STARTTLS (3207), AUTH PLAIN and LOGIN (4954), PIPELINING (2920), SIZE (1870), 8BITMIME (6152) and SMTPUTF8 (6531).
public struct SMTPSession: Sendable {
    /// How it is spoken.
    public struct Setup: Sendable {
        public var encryption: SMTPServer.Encryption
        public var login: SMTPServer.Login?
        /// Whether the login may be said before the connection is encrypted: to this machine.
        public var mayLogInUnencrypted: Bool
        /// This machine's name, as EHLO says it.
        public let clientName: String

        /// - Parameter clientName: what can not be one is `localhost`.
        public init(encryption: SMTPServer.Encryption, login: SMTPServer.Login? = nil, mayLogInUnencrypted: Bool = false, clientName: String) {
            self.encryption = encryption
            self.login = login
            self.mayLogInUnencrypted = mayLogInUnencrypted
            self.clientName = SMTPOptions.isName(clientName) ? clientName : "localhost"
        }
    }

    /// What its owner is to do, in this order.
    public enum Action: Sendable, Hashable {
        case write([UInt8])
        /// Begin TLS and then call ``SMTPSession/startedTLS()``.
        case startTLS
        /// A mail may be sent.
        case ready
        /// The server has taken the mail; another may be sent.
        case accepted
        /// The mail was not taken. Another may be sent, unless `close` follows.
        case failed(MailError)
        /// Nothing goes over this connection any more; the reason, unless it was wanted.
        case close(MailError?)
    }

    enum State: Sendable, Hashable {
        case greeting
        case hello(isExtended: Bool)
        case startTLS
        case handshake
        /// What is to be said to each 334 that follows.
        case login([String])
        case ready
        case sender
        case recipient
        case data
        case content
        case reset
        case quitting
        case ended
    }

    /// A mail that is being sent.
    struct Transaction: Sendable {
        let envelope: SMTPEnvelope
        var failure: MailError?
    }

    let setup: Setup
    var state = State.greeting
    var capabilities = SMTPCapabilities()
    var transaction: Transaction?
    private(set) var isEncrypted: Bool
    private var parser = SMTPReplyParser()

    public init(_ setup: Setup) {
        self.setup = setup
        isEncrypted = setup.encryption == .implicit
    }

    /// Whether a mail may be sent.
    public var isReady: Bool { state == .ready }

    /// Whether the server has all of a mail and has not said what becomes of it.
    public var isAwaitingVerdict: Bool { state == .content && transaction?.failure == nil }

    /// Takes what has come, however it is cut into pieces.
    public mutating func receive(_ bytes: some Collection<UInt8>) -> [Action] {
        var actions: [Action] = []
        for byte in bytes {
            if state == .ended { break }
            if state == .handshake {
                actions.removeAll { $0 == .startTLS }
                return actions + end(.unavailable("\(SMTPFault.beforeEncryption)"))
            }
            do throws(SMTPFault) {
                guard let reply = try parser.consume(byte) else { continue }
                actions += try take(reply)
            } catch {
                actions += interrupt("what the server said is not understood: \(error)")
            }
        }
        return actions
    }

    /// From here on everything is encrypted; what was said before is forgotten (RFC 3207 §4.2).
    public mutating func startedTLS() -> [Action] {
        guard state == .handshake else { return [] }
        isEncrypted = true
        capabilities = SMTPCapabilities()
        parser = SMTPReplyParser()
        return hello(isExtended: true)
    }

    /// The connection ended, or waiting for it was given up.
    ///
    /// - Parameter reason: for ``MailError/unavailable(_:)``, or ``MailError/unanswered(_:)`` when the server had all of a mail.
    public mutating func interrupt(_ reason: String) -> [Action] {
        if state == .quitting { return end(nil) }
        return end(isAwaitingVerdict ? .unanswered(reason) : .unavailable(reason))
    }

    /// Gives up.
    public mutating func end(_ error: MailError?) -> [Action] {
        guard state != .ended else { return [] }
        state = .ended
        defer { transaction = nil }
        // What the server has said of the mail counts, whatever became of the connection afterwards.
        let failed = transaction.map { [Action.failed($0.failure ?? error ?? .unavailable("the connection was closed"))] } ?? []
        return failed + [.close(error)]
    }

    /// Takes leave, if there is nothing to wait for.
    public mutating func quit() -> [Action] {
        guard state == .ready else { return end(nil) }
        state = .quitting
        return [.command("QUIT")]
    }

    private mutating func take(_ reply: SMTPReply) throws(SMTPFault) -> [Action] {
        if reply.code == 421, state != .quitting { return end(.deferred(refusal(reply))) }
        switch state {
        case .greeting, .hello, .startTLS, .login: return try opening(reply)
        case .sender, .recipient, .data, .content, .reset: return try sending(reply)
        case .quitting: return end(nil)
        case .ready, .handshake, .ended: throw .unasked
        }
    }

    /// What the server will not do, by what it was asked.
    func refusal(_ reply: SMTPReply) -> SMTPRefusal {
        let recipient = state == .recipient ? transaction?.envelope.recipient : nil
        return SMTPRefusal(step, reply, recipient: recipient, hiding: setup.login?.password)
    }

    private var step: SMTPRefusal.Step {
        switch state {
        case .greeting, .hello: .greeting
        case .startTLS, .handshake: .encryption
        case .login: .login
        case .sender: .sender
        case .recipient: .recipient
        case .data, .content: .content
        case .ready, .reset, .quitting, .ended: .idle
        }
    }
}

extension SMTPSession.Action {
    static func command(_ lines: String...) -> Self { .write(lines.flatMap { Array("\($0)\r\n".utf8) }) }
}
