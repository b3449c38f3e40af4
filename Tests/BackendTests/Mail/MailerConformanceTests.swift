// What every mailer must do, asked of each of them.

import Backends
import Foundation
import Synchronization
import Testing

/// A mailer, and how to see what it has sent.
struct MailerUnderTest: Sendable {
    enum Kind: CaseIterable, Sendable {
        case smtp
        case directory
        case memory
        case log
    }

    /// A mail as it was sent; of the log, only what may be noted.
    struct Sent: Hashable {
        let recipient: String
        var subject: String?
        var bytes: [UInt8]?
    }

    let kind: Kind
    let mailer: any Mailer
    let sent: @Sendable (_ recipient: String) async throws -> [Sent]

    /// Runs `body` with a mailer that has sent nothing.
    static func run(_ kind: Kind, _ body: (MailerUnderTest) async throws -> Void) async throws {
        switch kind {
        case .smtp:
            let servers = try await MailServer.shared
            let mailer = try SMTPMailer(servers.location("starttls", login: "alice:s3cret@", starttls: "required"), options: .patient)
            try await body(
                MailerUnderTest(kind: kind, mailer: mailer) { recipient in
                    try servers.mails(to: recipient).map { Sent(recipient: recipient, bytes: Array($0.content)) }
                }
            )
        case .directory:
            let folder = FileManager.default.temporaryDirectory.appending(path: "mails-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let mailer = try DirectoryMailer(folder: folder)
            try await body(
                MailerUnderTest(kind: kind, mailer: mailer) { recipient in
                    var sent: [Sent] = []
                    for name in try await mailer.list(limit: 10_000) {
                        guard let bytes = try await mailer.read(name), let reading = MailReading(bytes) else { continue }
                        if reading["To"]?.contains(recipient) == true { sent.append(Sent(recipient: recipient, bytes: bytes)) }
                    }
                    return sent
                }
            )
        case .memory:
            let mailer = MemoryMailer()
            try await body(
                MailerUnderTest(kind: kind, mailer: mailer) { recipient in
                    mailer.messages.filter { $0.recipient.address == recipient }.map { Sent(recipient: recipient, bytes: $0.bytes) }
                }
            )
        case .log:
            let notes = Notes()
            try await body(
                MailerUnderTest(kind: kind, mailer: LogMailer { notes.add(Sent(recipient: $0, subject: $1)) }) { recipient in
                    notes.all.filter { $0.recipient == recipient }
                }
            )
        }
    }

    func expected(_ message: MailMessage) -> Sent {
        kind == .log
            ? Sent(recipient: message.recipient.address, subject: message.subject) : Sent(recipient: message.recipient.address, bytes: message.bytes)
    }

    private final class Notes: Sendable {
        private let notes = Mutex<[Sent]>([])
        var all: [Sent] { notes.withLock { $0 } }
        func add(_ sent: Sent) { notes.withLock { $0.append(sent) } }
    }
}

@Suite(.timeLimit(.minutes(5))) struct MailerConformanceTests {
    @Test(arguments: MailerUnderTest.Kind.allCases)
    func `a mail is sent once, to its recipient, as it is`(kind: MailerUnderTest.Kind) async throws {
        try await MailerUnderTest.run(kind) { under in
            let (recipient, other) = (SMTPMailerTests.address(), SMTPMailerTests.address())
            let message = try SMTPMailerTests.mail(to: recipient, text: ".\nGrüße\n\n..\n")
            try await under.mailer.send(message)
            let sent = try await under.sent(recipient)
            #expect(sent == [under.expected(message)])
            let toOther = try await under.sent(other)
            #expect(toOther.isEmpty)
        }
    }

    @Test(arguments: MailerUnderTest.Kind.allCases)
    func `mails of every kind arrive as they are`(kind: MailerUnderTest.Kind) async throws {
        try await MailerUnderTest.run(kind) { under in
            var random = Seeded(11)
            // The address says the number, so a run of its own numbers.
            let base = Int.random(in: 1_000_000..<1_000_000_000) * 100
            let messages = try (0..<60).map { try GeneratedMail.message(&random, number: base + $0) }
            for message in messages {
                try await under.mailer.send(message)
                let sent = try await under.sent(message.recipient.address)
                #expect(sent == [under.expected(message)])
            }
        }
    }

    @Test(arguments: MailerUnderTest.Kind.allCases)
    func `many at once, each once`(kind: MailerUnderTest.Kind) async throws {
        try await MailerUnderTest.run(kind) { under in
            let recipient = SMTPMailerTests.address()
            let messages = try (0..<60).map { try SMTPMailerTests.mail(to: recipient, text: "\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for message in messages { group.addTask { try await under.mailer.send(message) } }
                try await group.waitForAll()
            }
            let sent = try await under.sent(recipient)
            #expect(sent.count == 60)
            #expect(Set(sent) == Set(messages.map(under.expected)))
        }
    }

    @Test(arguments: MailerUnderTest.Kind.allCases)
    func `the same mail again goes again, with the same id`(kind: MailerUnderTest.Kind) async throws {
        try await MailerUnderTest.run(kind) { under in
            let recipient = SMTPMailerTests.address()
            let message = try SMTPMailerTests.mail(to: recipient)
            for _ in 0..<2 { try await under.mailer.send(message) }
            let sent = try await under.sent(recipient)
            #expect(sent == [under.expected(message), under.expected(message)])
        }
    }
}
