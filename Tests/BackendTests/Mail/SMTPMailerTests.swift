// Sending by real servers, good and bad.

import Foundation
import Testing

@testable import Backends

@Suite(.timeLimit(.minutes(5))) struct SMTPMailerTests {
    static let login = "alice:s3cret@"

    /// An address that no other test has.
    static func address(_ name: String = "user") -> String { "\(name).\(UUID().uuidString.lowercased())@a.example" }

    static func mail(to recipient: String, text: String = "Hello\n", headers: [MailHeader] = []) throws -> MailMessage {
        try MailMessage(
            from: MailAddress("noreply@index.example", name: "The index"),
            to: MailAddress(recipient),
            subject: "A secret subject",
            text: text,
            id: "\(UUID().uuidString)@index.example",
            date: 1_369_353_600_000_000,
            headers: headers
        )
    }

    /// Why a mail does not go.
    static func failure(of mailer: some Mailer, _ message: MailMessage) async throws -> MailError {
        do throws(MailError) {
            try await mailer.send(message)
        } catch {
            let text = "\(error)"
            for secret in ["s3cret", "czNjcmV0", "secret subject", "Hello", message.recipient.address, "token"] { #expect(!text.contains(secret)) }
            #expect(text.utf8.count < 600 && !text.contains { $0.isNewline })
            return error
        }
        throw MailServer.Failure(description: "it was sent")
    }

    @Test func `by STARTTLS and by TLS from the start, with a login`() async throws {
        let servers = try await MailServer.shared
        for location in [
            try servers.location("starttls", login: Self.login, host: "localhost", starttls: "required"),
            try servers.location("starttls", login: Self.login, starttls: "opportunistic"),
            try servers.location("implicit", scheme: "smtps", login: Self.login),
        ] {
            let mailer = try SMTPMailer(location, options: .patient)
            let recipient = Self.address()
            let message = try Self.mail(to: recipient, text: ".\n..\n.leading\n\nGrüße\n")
            try await mailer.send(message)
            let taken = try servers.mails(to: recipient)
            #expect(taken.map { [UInt8]($0.content) } == [message.bytes])
            #expect(taken.allSatisfy { $0.isEncrypted && $0.isLoggedIn && $0.client == "tests.example" && $0.sender == "noreply@index.example" })
        }
    }

    @Test func `to this machine without encryption, with and without a login`() async throws {
        let servers = try await MailServer.shared
        for location in [try servers.location("plain"), try servers.location("login", login: Self.login)] {
            let recipient = Self.address()
            try await SMTPMailer(location, options: .patient).send(try Self.mail(to: recipient))
            #expect(try servers.mails(to: recipient).count == 1)
        }
    }

    @Test(arguments: ["starttls", "implicit"]) func `a wrong password is refused`(name: String) async throws {
        let servers = try await MailServer.shared
        let isImplicit = name == "implicit"
        let location = try servers.location(
            name,
            scheme: isImplicit ? "smtps" : "smtp",
            login: "alice:other-s3cret@",
            starttls: isImplicit ? nil : "required"
        )
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: Self.address()))
        #expect(error == .misconfigured("the server says to the login: 535 5.7.8"))
        #expect(error.isWorthRetrying)
    }

    @Test func `the settings can be checked without a mail`() async throws {
        let servers = try await MailServer.shared
        let right = try SMTPMailer(servers.location("implicit", scheme: "smtps", login: Self.login), options: .patient)
        for _ in 0..<2 { try await right.check() }
        #expect(right.connections.taken == 1)
        let wrong = try SMTPMailer(servers.location("implicit", scheme: "smtps", login: "alice:wrong@"), options: .patient)
        await #expect(throws: MailError.misconfigured("the server says to the login: 535 5.7.8")) { try await wrong.check() }
        #expect(wrong.connections == (0, 0))
    }

    @Test func `no login where one is needed`() async throws {
        let servers = try await MailServer.shared
        let location = try servers.location("implicit", scheme: "smtps")
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: Self.address()))
        guard case .misconfigured(let reason) = error else { throw error }
        #expect(reason.hasPrefix("the server says to the sender: 530 5.7.0"))
    }

    @Test(arguments: ["stranger", "expired"], ["starttls", "implicit"])
    func `a certificate that is not believed`(kind: String, way: String) async throws {
        let servers = try await MailServer.shared
        let location = try servers.location(
            "\(kind)-\(way)",
            scheme: way == "implicit" ? "smtps" : "smtp",
            starttls: way == "implicit" ? nil : "required"
        )
        let recipient = Self.address()
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: recipient))
        #expect(
            error == .misconfigured("the server's certificate is not believed: it has expired, or is of an authority that is not known here")
        )
        #expect(try servers.mails(to: recipient).isEmpty)
    }

    @Test(arguments: ["localhost", "127.0.0.1"], ["starttls", "implicit"])
    func `a certificate for another name`(host: String, way: String) async throws {
        let servers = try await MailServer.shared
        let isImplicit = way == "implicit"
        let location = try servers.location(
            "misnamed-\(way)",
            scheme: isImplicit ? "smtps" : "smtp",
            host: host,
            starttls: isImplicit ? nil : "required"
        )
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: Self.address()))
        #expect(error == .misconfigured("the server's certificate is for another name"))
    }

    @Test func `an authority that only this server has is believed only when it is given`() async throws {
        let servers = try await MailServer.shared
        let location = try servers.location("implicit", scheme: "smtps", login: Self.login, isTrusted: false)
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: Self.address()))
        guard case .misconfigured = error else { throw error }
        #expect(throws: MailLocation.Fault("the certificates of ca can not be read")) {
            try SMTPMailer(SMTPServer(host: "h", port: 1, encryption: .required, authority: "/no/such/file"))
        }
    }

    @Test func `nothing is said without STARTTLS where it is required`() async throws {
        let servers = try await MailServer.shared
        let location = try servers.location("login", login: Self.login, starttls: "required")
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: Self.address()))
        #expect(error == .misconfigured("the server has no STARTTLS, and without it nothing is sent"))
    }

    @Test func `what is put behind STARTTLS is not taken`() async throws {
        let servers = try await MailServer.shared
        let location = try servers.location("injecting", login: Self.login, starttls: "required")
        let error = try await Self.failure(of: SMTPMailer(location, options: .patient), Self.mail(to: Self.address()))
        guard case .unavailable = error else { throw error }
    }

    @Test func `TLS to a server that does not speak it, and the other way round`() async throws {
        let servers = try await MailServer.shared
        var options = SMTPOptions.patient
        options.greetingTimeout = .seconds(2)
        for location in [try servers.location("plain", scheme: "smtps"), try servers.location("implicit", starttls: "none")] {
            let error = try await Self.failure(of: SMTPMailer(location, options: options), Self.mail(to: Self.address()))
            guard case .unavailable = error else { throw error }
        }
    }

    /// Of the two only the second one has PIPELINING.
    @Test(arguments: [("starttls", "smtp", "required"), ("implicit", "smtps", nil)] as [(String, String, String?)])
    func `greylisting is told as it is, and the mail goes later`(name: String, scheme: String, starttls: String?) async throws {
        let servers = try await MailServer.shared
        let mailer = try SMTPMailer(servers.location(name, scheme: scheme, login: Self.login, starttls: starttls), options: .patient)
        let recipient = Self.address("defer")
        let message = try Self.mail(to: recipient)
        let error = try await Self.failure(of: mailer, message)
        #expect(error.isWorthRetrying && error.refusedRecipient == nil)
        #expect("\(error)" == "the mail was not taken now: the server says to the recipient: 451 4.7.1 greylisted, try later")
        try await mailer.send(message)
        #expect(try servers.mails(to: recipient).map { [UInt8]($0.content) } == [message.bytes])
    }

    /// Of the two only the first one has PIPELINING.
    @Test(arguments: [("plain", ""), ("login", login)])
    func `a recipient that does not exist is refused for good, and the connection serves the next mail`(name: String, login: String) async throws {
        let servers = try await MailServer.shared
        let mailer = try SMTPMailer(servers.location(name, login: login), options: .patient)
        let (first, bounced, last) = (Self.address(), Self.address("bounce"), Self.address())
        try await mailer.send(Self.mail(to: first))
        let error = try await Self.failure(of: mailer, Self.mail(to: bounced))
        #expect(!error.isWorthRetrying && error.refusedRecipient == bounced)
        #expect("\(error)" == "the mail was refused: the server says to the recipient: 550 5.1.1 … no such user")
        try await mailer.send(Self.mail(to: last))
        let connections = try [first, last].flatMap { try servers.mails(to: $0) }.map(\.connection)
        #expect(connections.count == 2 && Set(connections).count == 1)
    }

    @Test func `a mail that is refused itself`() async throws {
        let servers = try await MailServer.shared
        let mailer = try SMTPMailer(servers.location("plain"), options: .patient)
        let error = try await Self.failure(of: mailer, Self.mail(to: Self.address(), headers: [MailHeader("X-Spam", "yes")]))
        #expect(!error.isWorthRetrying && error.refusedRecipient == nil)
        #expect("\(error)" == "the mail was refused: the server says to the mail itself: 554 5.7.1 spam: …")
    }

    @Test func `internationalized addresses go where the server takes them`() async throws {
        let servers = try await MailServer.shared
        let recipient = "用户.\(UUID().uuidString.lowercased())@例え.テスト"
        try await SMTPMailer(servers.location("plain"), options: .patient).send(Self.mail(to: recipient))
        #expect(try servers.mails(to: recipient).count == 1)
        let error = try await Self.failure(of: SMTPMailer(servers.location("ascii"), options: .patient), Self.mail(to: recipient))
        #expect(error == .unsendable("the server takes no internationalized addresses (SMTPUTF8)"))
    }

    @Test func `a mail that is larger than the server says it takes is not sent`() async throws {
        let servers = try await MailServer.shared
        let mailer = try SMTPMailer(servers.location("ascii"), options: .patient)
        let error = try await Self.failure(of: mailer, Self.mail(to: Self.address(), text: String(repeating: "Hello ", count: 1000)))
        guard case .unsendable = error else { throw error }
        try await mailer.send(Self.mail(to: Self.address()))
    }

    @Test(arguments: ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "data", "content"])
    func `a server that hangs is not waited for without end, one that hangs up is understood`(step: String) async throws {
        let servers = try await MailServer.shared
        var options = SMTPOptions.patient
        if step == "data" || step == "content" {
            // The mail itself has no time but that for everything.
            options.sendTimeout = .seconds(8)
        } else {
            options.greetingTimeout = .milliseconds(300)
            options.commandTimeout = .milliseconds(300)
        }
        for way in ["hangs", "ends"] {
            // Enough for it to find everything in time when it is not to hang.
            if way == "ends" { options = .patient }
            let mailer = try SMTPMailer(servers.location("\(way)-\(step)", login: Self.login), options: options)
            let error = try await Self.failure(of: mailer, Self.mail(to: Self.address()))
            switch (error, step) {
            case (.unanswered, "data"), (.unanswered, "content"): break
            case (.unavailable, "data"), (.unavailable, "content"): Issue.record("\(way) at \(step): \(error)")
            case (.unavailable, _): break
            default: Issue.record("\(way) at \(step): \(error)")
            }
            #expect(error.isWorthRetrying)
        }
    }

    @Test(
        arguments: [("hangs-greeting", "smtps", nil), ("silent", "smtp", "required"), ("dripping", "smtp", nil), ("flooding", "smtp", nil)]
            as [(String, String, String?)]
    )
    func `a server that hangs while encrypting, one that drips and one that floods`(name: String, scheme: String, starttls: String?) async throws {
        let servers = try await MailServer.shared
        var options = SMTPOptions.patient
        options.greetingTimeout = .milliseconds(300)
        options.commandTimeout = .milliseconds(300)
        let mailer = try SMTPMailer(servers.location(name, scheme: scheme, starttls: starttls), options: options)
        let error = try await Self.failure(of: mailer, Self.mail(to: Self.address()))
        guard case .unavailable = error else { throw error }
        #expect(mailer.connections == (0, 0))
    }

    @Test(arguments: ["leaves", "leaves-saying-so"])
    func `that a kept connection ends says nothing of the next mail`(name: String) async throws {
        let servers = try await MailServer.shared
        let mailer = try SMTPMailer(servers.location(name), options: .patient)
        for _ in 0..<50 { try await mailer.send(Self.mail(to: Self.address())) }
        #expect(mailer.connections.taken == 1)
    }

    @Test func `nobody there`() async throws {
        var options = SMTPOptions.patient
        options.connectTimeout = .seconds(5)
        let mailer = try SMTPMailer(SMTPServer(host: "127.0.0.1", port: 1, encryption: .none), options: options)
        #expect(try await Self.failure(of: mailer, Self.mail(to: Self.address())) == .unavailable("Connection refused"))
        let nowhere = try SMTPMailer(SMTPServer(host: "no-such-host.invalid", port: 25, encryption: .required), options: options)
        #expect(try await Self.failure(of: nowhere, Self.mail(to: Self.address())) == .unavailable("there is no such host"))
    }

    @Test func `a thousand mails go over few connections`() async throws {
        let servers = try await MailServer.shared
        var options = SMTPOptions.patient
        options.connections = 3
        let mailer = try SMTPMailer(servers.location("implicit", scheme: "smtps", login: Self.login), options: options)
        let recipient = Self.address()
        let messages = try (0..<1000).map { try Self.mail(to: recipient, text: "\($0)\n") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for message in messages { group.addTask { try await mailer.send(message) } }
            try await group.waitForAll()
        }
        let taken = try servers.mails(to: recipient)
        #expect(taken.count == 1000)
        #expect(Set(taken.map { [UInt8]($0.content) }) == Set(messages.map(\.bytes)))
        let uses = Dictionary(grouping: taken, by: \.connection).mapValues(\.count)
        #expect(uses.values.allSatisfy { $0 <= options.mailsPerConnection })
        #expect((10...13).contains(uses.count))
    }

    @Test func `a connection is let go when no more mails come, and when the mailer is closed`() async throws {
        let servers = try await MailServer.shared
        let pool = SMTPPool(limit: 2, idle: .milliseconds(50), uses: 10)
        let place = try await pool.take(within: .seconds(10))
        let other = try await pool.take(within: .seconds(10))
        #expect(pool.count == (2, 0))
        // A third one waits, and not for ever.
        do throws(MailError) {
            _ = try await pool.take(within: .milliseconds(20))
            Issue.record("there were only two")
        } catch {
            #expect(error == .unavailable("other mails took too long"))
        }
        async let third = pool.take(within: .seconds(30))
        pool.give(back: place)
        _ = try await third
        #expect(pool.count == (2, 0))
        pool.give(back: other)
        #expect(pool.count == (1, 0))

        var options = SMTPOptions.patient
        options.idleTimeout = .milliseconds(50)
        let mailer = try SMTPMailer(servers.location("plain"), options: options)
        try await mailer.send(Self.mail(to: Self.address()))
        try await MailServer.wait("the connection ends") { mailer.connections == (0, 0) }
        try await mailer.send(Self.mail(to: Self.address()))
        mailer.close()
        #expect(try await Self.failure(of: mailer, Self.mail(to: Self.address())) == .unavailable("the mailer was closed"))
        try await MailServer.wait("the connection ends") { mailer.connections == (0, 0) }
    }
}
