import Backends
import Foundation
import TestPrograms
import Testing

@Suite struct MailMessageTests {
    private func message(
        subject: String = "A subject",
        text: String = "Some text\n",
        html: String? = nil,
        name: String? = nil,
        headers: [MailHeader] = []
    ) throws -> MailMessage {
        try MailMessage(
            from: MailAddress("noreply@index.example", name: name),
            to: MailAddress("alice@a.example"),
            subject: subject,
            text: text,
            html: html,
            id: "1.2@index.example",
            date: 1_369_353_600_123_456,
            headers: headers
        )
    }

    @Test func `a plain mail`() throws {
        let written = try String(decoding: message(name: "The index", headers: [MailHeader("Auto-Submitted", "auto-generated")]).bytes, as: UTF8.self)
        #expect(
            written.replacing("\r\n", with: "\n") == """
                From: The index <noreply@index.example>
                To: alice@a.example
                Subject: A subject
                Date: Fri, 24 May 2013 00:00:00 +0000
                Message-ID: <1.2@index.example>
                Auto-Submitted: auto-generated
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Some text

                """
        )
    }

    @Test func `a mail with HTML`() throws {
        let written = try String(decoding: message(subject: "Grüße", text: "Größe = 1", html: "<b>Größe</b>").bytes, as: UTF8.self)
        #expect(
            written.replacing("\r\n", with: "\n") == """
                From: noreply@index.example
                To: alice@a.example
                Subject: =?utf-8?B?R3LDvMOfZQ==?=
                Date: Fri, 24 May 2013 00:00:00 +0000
                Message-ID: <1.2@index.example>
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary="=_alternative"

                --=_alternative
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=B6=C3=9Fe =3D 1
                --=_alternative
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                <b>Gr=C3=B6=C3=9Fe</b>
                --=_alternative--

                """
        )
    }

    @Test(arguments: ["\r", "\n", "\r\n", "\0", "\u{1B}", "\u{7F}", "\u{85}", "\u{2028}"])
    func `nothing in a field ends it`(control: String) throws {
        for hostile in ["a" + control + "Bcc: b@b.example", control + "a", "a" + control] {
            #expect(throws: InvalidMail.control(field: "the subject")) { try message(subject: hostile) }
            #expect(throws: InvalidMail.control(field: "a name")) { try message(name: hostile) }
            #expect(throws: InvalidMail.control(field: "the header X-A")) { try MailHeader("X-A", hostile) }
            #expect(throws: InvalidMail.headerName) { try MailHeader(hostile, "a") }
            #expect(throws: InvalidMail.address) { try MailAddress(hostile + "@b.example") }
            #expect(throws: InvalidMail.address) { try MailAddress("b@" + hostile) }
            #expect(throws: InvalidMail.messageID) {
                try MailMessage(
                    from: MailAddress("a@b"),
                    to: MailAddress("a@b"),
                    subject: "",
                    text: "",
                    id: hostile + "@b",
                    date: 0
                )
            }
        }
    }

    @Test func `a text has no NUL`() {
        #expect(throws: InvalidMail.control(field: "the text")) { try message(text: "a\0b") }
        #expect(throws: InvalidMail.control(field: "the HTML")) { try message(html: "a\0b") }
    }

    @Test func `headers that the mail makes itself are refused, and those given twice`() throws {
        for name in ["Subject", "to", "BCC", "Content-Type", "Resent-To", "MIME-Version", "Received"] {
            #expect(throws: InvalidMail.reservedHeader(name)) { try MailHeader(name, "a") }
        }
        for name in ["", "a b", "a:", "ä", String(repeating: "a", count: 41)] {
            #expect(throws: InvalidMail.headerName) { try MailHeader(name, "a") }
        }
        #expect(throws: InvalidMail.reservedHeader("x-a")) { try message(headers: [MailHeader("X-A", "1"), MailHeader("x-a", "2")]) }
    }

    @Test func `there are limits`() throws {
        #expect(throws: InvalidMail.tooLong(field: "the subject", limit: 2000)) { try message(subject: String(repeating: "a", count: 2001)) }
        #expect(throws: InvalidMail.tooLong(field: "the header X-A", limit: 900)) { try MailHeader("X-A", String(repeating: "a", count: 901)) }
        #expect(throws: InvalidMail.tooLong(field: "the text", limit: 4 << 20)) { try message(text: String(repeating: "a", count: 4 << 20 + 1)) }
        let headers = try (0...20).map { try MailHeader("X-\($0)", "a") }
        #expect(throws: InvalidMail.tooManyHeaders(limit: 20)) { try message(headers: headers) }
    }

    @Test(arguments: [
        "a@b", "a.b+c@d-e.example", "!#$%&'*+-/=?^_`{|}~@a.example", "ä@b.example", "用户@例え.テスト", "a@1.2",
        String(repeating: "a", count: 64) + "@b.example",
    ])
    func `plain addresses`(address: String) throws {
        let taken = try MailAddress(address)
        #expect(taken.address == address)
        #expect(taken.needsSMTPUTF8 == address.utf8.contains { $0 >= 0x80 })
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b", "a b@c", "a@b c", "a@b@c", "\"a\"@b", "a@[127.0.0.1]", "a(c)@b", "<a@b>", "a,b@c", "a@b,c@d", "a..b@c", ".a@b",
        "a.@b", "a@b..c",
        "a@.b", "a@b.", "a@-b", "a@b-", "a@b_c", "a:b@c", "a;@b", "a@b>", "a\\@b", "a\u{A0}@b", "a\u{200B}@b", "a\u{202E}@b", "a@b\u{3000}c",
        "a\u{E000}@b",
        String(repeating: "a", count: 65) + "@b", "a@" + String(repeating: "a", count: 64), "a@" + String(repeating: "a.", count: 130) + "b",
    ])
    func `what is no plain address is refused`(address: String) { #expect(throws: InvalidMail.address) { try MailAddress(address) } }

    @Test func `what is refused is not repeated`() {
        for error: InvalidMail in [.address, .control(field: "a name"), .messageID, .reservedHeader("Subject")] {
            #expect(!error.description.contains("@b") && !error.description.contains("\n"))
        }
    }

    @Test func `lines are short, and nothing on the way has a reason to alter them`() throws {
        var random = Seeded(31)
        for number in 0..<400 {
            let message = try GeneratedMail.message(&random, number: number)
            let lines = String(decoding: message.bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.last == "" && !lines.contains { $0.utf8.contains(0x0D) || $0.utf8.contains(0x0A) })
            let body = lines[(try #require(lines.firstIndex(of: "")))...]
            for line in body {
                #expect(line.utf8.count <= 76)
                #expect(!line.hasSuffix(" ") && !line.hasSuffix("\t") && !line.hasPrefix("From "))
            }
            #expect(lines.allSatisfy { $0.utf8.count <= 998 })
        }
    }

    /// What `reader.py` says of a mail.
    private struct Read: Decodable {
        let defects: [String]
        let from: [String]
        let to: [String]
        let subject: String
        let date: Int64
        let id: String
        let names: [String]
        let extra: [[String]]
        let text: String
        let html: String?
        let kinds: [String]
        let longest: Int
        let longestEncoded: Int
    }

    @Test func `Python reads every mail back to what it was made of`() async throws {
        var random = Seeded(7)
        let messages = try (0..<400).map { try GeneratedMail.message(&random, number: $0) }
        let python = try await PythonEnvironment.interpreter("mail", requirements: "Tests/BackendTests/Mail/requirements.txt")
        let input = try JSONEncoder().encode(messages.map { Data($0.bytes).base64EncodedString() })
        let reader = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "reader.py").path
        let read = try JSONDecoder().decode([Read].self, from: try await ChildProcess.run([python, reader], input: input).succeeded().output)
        #expect(read.count == messages.count)
        for (message, read) in zip(messages, read) {
            #expect(read.defects == [])
            for (read, address) in [(read.from, message.sender), (read.to, message.recipient)] {
                #expect(read[1] == address.address)
                // Between the encoded words of a long name Python 3.11 puts spaces, which RFC 2047 §6.2 does not.
                let isLong = (address.name ?? "").utf8.count > 30
                let (shown, name) = (read[0], address.name ?? "")
                #expect(shown.filter { !isLong || $0 != " " } == name.filter { !isLong || $0 != " " })
            }
            #expect(Array(read.subject.utf8) == Array(message.subject.utf8))
            #expect(read.date == message.date / 1_000_000)
            #expect(read.id == "<\(message.id)>")
            #expect(read.extra == message.headers.map { [$0.name, $0.value] })
            #expect(Array(read.text.utf8) == Array(message.arrivingText.utf8))
            #expect(read.html.map { Array($0.utf8) } == message.html.map { Array($0.utf8) })
            #expect(read.kinds == (message.html == nil ? ["text/plain"] : ["multipart/alternative", "text/plain", "text/html"]))
            #expect(read.names.count == (message.html == nil ? 11 : 10))
            #expect(read.longest <= 998)
            #expect(read.longestEncoded <= 76)
            #expect(message.recipient.needsSMTPUTF8 || message.bytes.allSatisfy { $0 < 0x80 })
        }
    }
}
