import Backends
import Foundation
import Testing

@Suite struct DirectoryMailerTests {
    private func withMailer(_ body: (DirectoryMailer, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mails-\(UUID().uuidString)/a/b").path
        defer {
            try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: folder).deletingLastPathComponent().deletingLastPathComponent().path)
        }
        try await body(DirectoryMailer(folder: folder), folder)
    }

    private func mail(_ subject: String, at date: Int64) throws -> MailMessage {
        try MailMessage(
            from: MailAddress("a@a.example"),
            to: MailAddress("b@b.example"),
            subject: subject,
            text: "T\n",
            id: "1@a.example",
            date: date
        )
    }

    private func subjects(_ mailer: DirectoryMailer, limit: Int) async throws -> [String?] {
        var subjects: [String?] = []
        for name in try await mailer.list(limit: limit) { subjects.append(try await mailer.read(name).flatMap { MailReading($0)?["Subject"] }) }
        return subjects
    }

    @Test func `the newest come first, and no more than are asked for`() async throws {
        try await withMailer { mailer, _ in
            let newest = try await mailer.list(limit: 10)
            #expect(newest.isEmpty)
            for (subject, date) in [("c", 3), ("a", 1), ("e", 2_000_000), ("b", 1), ("d", 1_000_000)] as [(String, Int64)] {
                try await mailer.send(mail(subject, at: date))
            }
            for (limit, expected) in [(10, "edcba"), (5, "edcba"), (3, "edc"), (1, "e"), (0, "")] {
                let subjects = try await subjects(mailer, limit: limit)
                #expect(subjects == expected.map { String($0) })
            }
        }
    }

    @Test func `names and files are this user's alone`() async throws {
        try await withMailer { mailer, folder in
            try await mailer.send(mail("S", at: 1_369_353_600_000_123))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 1)
            #expect(names[0].hasPrefix("20130524T000000.000123Z-00000001-") && names[0].hasSuffix(".eml"))
            let rights = { try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int }
            #expect(try rights("\(folder)/\(names[0])") == 0o600)
            #expect(try rights(folder) == 0o700)
        }
    }

    @Test func `nothing but mails is listed or read`() async throws {
        try await withMailer { mailer, folder in
            try await mailer.send(mail("S", at: 0))
            let name = try #require(try await mailer.list(limit: 1).first)
            try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(folder)/../1.eml"))
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/1.eml.part"))
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/1.eml", withDestinationPath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(atPath: "\(folder)/2.eml", withIntermediateDirectories: false)
            for hostile in [
                "../1.eml", "..", "", ".eml", "1.eml.part", "1.eml", "2.eml", "/etc/passwd", "3.eml", "\(name)\0", "a/\(name)", "./\(name)",
            ] {
                let read = try await mailer.read(hostile)
                #expect(read == nil, "\(hostile)")
            }
            let read = try await mailer.read(name)
            #expect(read != nil)
        }
    }

    @Test func `what a crash left is removed, what was sent stays`() async throws {
        try await withMailer { mailer, folder in
            try await mailer.send(mail("S", at: 0))
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/abc.part"))
            let again = try DirectoryMailer(folder: folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 1)
            let list = try await again.list(limit: 2)
            #expect(list == names)
        }
    }

    @Test func `a folder that can not be`() async throws {
        #expect(throws: MailError.self) { try DirectoryMailer(folder: "/dev/null/mails") }
        try await withMailer { mailer, folder in
            try FileManager.default.removeItem(atPath: folder)
            await #expect(throws: MailError.self) { try await mailer.send(mail("S", at: 0)) }
            await #expect(throws: MailError.self) { try await mailer.list(limit: 1) }
        }
    }
}

@Suite struct MailReadingTests {
    @Test func `what is written is read back`() throws {
        var random = Seeded(23)
        for number in 0..<400 {
            let message = try GeneratedMail.message(&random, number: number)
            let reading = try #require(MailReading(message.bytes))
            #expect(Array(reading.text.utf8) == Array(message.arrivingText.utf8))
            #expect(reading.html.map { Array($0.utf8) } == message.html.map { Array($0.utf8) })
            #expect(reading["subject"].map { Array($0.utf8) } == Array(message.subject.utf8))
            #expect(reading["Message-ID"] == "<\(message.id)>")
            for header in message.headers { #expect(reading[header.name].map { Array($0.utf8) } == Array(header.value.utf8)) }
        }
    }

    @Test(arguments: [
        "", "\r\n", "Subject: a\r\n", "Subject: a\r\n\r\nb", "x\r\n\r\n", "Content-Type: text/plain\r\n\r\n=", "Content-Type: text/plain\r\n\r\n=X1",
    ])
    func `what is no mail of ours is not read`(text: String) { #expect(MailReading(Array(text.utf8)) == nil) }
}

@Suite struct MemoryMailerTests {
    @Test func `it fails when it is told to`() async throws {
        let mailer = MemoryMailer()
        let message = try SMTPMailerTests.mail(to: "a@a.example")
        mailer.fail { $0.recipient.address == "a@a.example" ? .unavailable("for a test") : nil }
        await #expect(throws: MailError.unavailable("for a test")) { try await mailer.send(message) }
        try await mailer.send(SMTPMailerTests.mail(to: "b@b.example"))
        mailer.fail(nil)
        try await mailer.send(message)
        #expect(mailer.takeMessages().map(\.recipient.address) == ["b@b.example", "a@a.example"])
        #expect(mailer.messages.isEmpty)
    }
}
