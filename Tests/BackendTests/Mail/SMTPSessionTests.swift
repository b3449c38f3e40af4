// The client's side of SMTP against servers that follow a script, cut at every byte.

import Testing

@testable import Backends

@Suite struct SMTPSessionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var encryption = SMTPServer.Encryption.none
        var login: SMTPServer.Login?
        var mayLogInUnencrypted = false
        var mails = 0
        var recipient = "bob@b.example"
        /// What it shows is how bytes that came at once are taken.
        var isWhole = false
        let script: [String?]
        /// Without the mail itself, which is `> …`.
        let expected: [String]
    }

    static let alice = SMTPServer.Login(user: "alice", password: "s3cret")
    /// The mail as it goes over the wire.
    static let content = ["> …"]
    static let (ehlo, quit) = (["> EHLO me.example"], ["> QUIT", "closed"])
    static let transaction = ["> MAIL FROM:<noreply@index.example>", "> RCPT TO:<bob@b.example>", "> DATA"]

    static let rows: [Row] = [
        // Opening.
        Row(testDescription: "the least", script: ["220 hi\r\n", "250 hi\r\n", "221 bye\r\n"], expected: ehlo + ["ready"] + quit),
        Row(
            testDescription: "lines without CR",
            script: ["220-hi\n220 there\n", "250-hi\n250 SIZE\n", "221 bye\n"],
            expected: ehlo + ["ready"] + quit
        ),
        Row(
            testDescription: "a server that knows HELO only",
            script: ["220 hi\r\n", "502 what?\r\n", "250 hi\r\n", "221 bye\r\n"],
            expected: ehlo + ["> HELO me.example", "ready"] + quit
        ),
        Row(
            testDescription: "a server that knows neither",
            script: ["220 hi\r\n", "502 what?\r\n", "550 5.7.1 go away\r\n"],
            expected: ehlo + ["> HELO me.example", "closed: mails can not be sent: the server says to the connection: 550 5.7.1 go away"]
        ),
        Row(
            testDescription: "a server that serves nobody",
            script: ["554 no service\r\n"],
            expected: ["closed: mails can not be sent: the server says to the connection: 554 no service"]
        ),
        Row(
            testDescription: "a server that is busy",
            script: ["421 4.3.2 too busy\r\n"],
            expected: ["closed: the mail was not taken now: the server says to the connection: 421 4.3.2 too busy"]
        ),
        Row(
            testDescription: "a greeting that is none",
            script: ["250 hi\r\n"],
            expected: ["closed: the mail was not sent: what the server said is not understood: 250 is no answer to this"]
        ),
        Row(testDescription: "hanging up", script: [nil], expected: ["closed: the mail was not sent: the server closed the connection"]),
        Row(
            testDescription: "leaving without a word",
            script: ["220 hi\r\n", "250 hi\r\n", nil],
            expected: ehlo + ["ready"] + quit
        ),
        // Encryption.
        Row(
            testDescription: "STARTTLS, and what was said before it is forgotten",
            encryption: .required,
            login: alice,
            script: [
                "220 hi\r\n", "250-hi\r\n250-AUTH LOGIN\r\n250 STARTTLS\r\n", "220 go\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "235 ok\r\n",
                "221 bye\r\n",
            ],
            expected: ehlo + ["> STARTTLS", "TLS"] + ehlo + ["> AUTH PLAIN AGFsaWNlAHMzY3JldA==", "ready"] + quit
        ),
        Row(
            testDescription: "STARTTLS again within TLS is not taken",
            encryption: .required,
            script: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n", "250-hi\r\n250 STARTTLS\r\n", "221 bye\r\n"],
            expected: ehlo + ["> STARTTLS", "TLS"] + ehlo + ["ready"] + quit
        ),
        Row(
            testDescription: "no STARTTLS where it is required",
            encryption: .required,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n"],
            expected: ehlo + ["closed: mails can not be sent: the server has no STARTTLS, and without it nothing is sent"]
        ),
        Row(
            testDescription: "no EHLO where STARTTLS is required",
            encryption: .required,
            script: ["220 hi\r\n", "500 what?\r\n", "250 hi\r\n"],
            expected: ehlo + ["> HELO me.example", "closed: mails can not be sent: the server has no STARTTLS, and without it nothing is sent"]
        ),
        Row(
            testDescription: "STARTTLS not now",
            encryption: .required,
            script: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "454 4.7.0 not now\r\n"],
            expected: ehlo + ["> STARTTLS", "closed: the mail was not taken now: the server says to STARTTLS: 454 4.7.0 not now"]
        ),
        Row(
            testDescription: "STARTTLS not at all",
            encryption: .required,
            script: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "502 no\r\n"],
            expected: ehlo + ["> STARTTLS", "closed: mails can not be sent: the server says to STARTTLS: 502 no"]
        ),
        Row(
            testDescription: "STARTTLS where there is one",
            encryption: .opportunistic,
            script: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n", "250 hi\r\n", "221 bye\r\n"],
            expected: ehlo + ["> STARTTLS", "TLS"] + ehlo + ["ready"] + quit
        ),
        Row(
            testDescription: "STARTTLS where there is none",
            encryption: .opportunistic,
            script: ["220 hi\r\n", "250 hi\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready"] + quit
        ),
        Row(
            testDescription: "STARTTLS that is refused, but need not be",
            encryption: .opportunistic,
            script: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "454 not now\r\n", "221 bye\r\n"],
            expected: ehlo + ["> STARTTLS", "ready"] + quit
        ),
        Row(
            testDescription: "a password stays unsaid when somebody took STARTTLS away",
            encryption: .opportunistic,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n"],
            expected: ehlo + ["closed: mails can not be sent: the server does not encrypt, and the password is not sent without that"]
        ),
        Row(
            testDescription: "commands put behind STARTTLS",
            encryption: .required,
            isWhole: true,
            script: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n250-hi\r\n250 AUTH PLAIN\r\n"],
            expected: ehlo + ["> STARTTLS", "closed: the mail was not sent: something was said between STARTTLS and the encryption"]
        ),
        // Login.
        Row(
            testDescription: "AUTH PLAIN before LOGIN",
            encryption: .implicit,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH LOGIN PLAIN\r\n", "235 2.7.0 ok\r\n", "221 bye\r\n"],
            expected: ehlo + ["> AUTH PLAIN AGFsaWNlAHMzY3JldA==", "ready"] + quit
        ),
        Row(
            testDescription: "AUTH LOGIN",
            encryption: .implicit,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 auth=login\r\n", "334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n", "235 ok\r\n", "221 bye\r\n"],
            expected: ehlo + ["> AUTH LOGIN", "> YWxpY2U=", "> czNjcmV0", "ready"] + quit
        ),
        Row(
            testDescription: "a wrong password, which the server repeats",
            encryption: .implicit,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "535 5.7.8 s3cret AGFsaWNlAHMzY3JldA== is wrong\r\n"],
            expected: ehlo + ["> AUTH PLAIN AGFsaWNlAHMzY3JldA==", "closed: mails can not be sent: the server says to the login: 535 5.7.8"]
        ),
        Row(
            testDescription: "a login that can not be looked at now",
            encryption: .implicit,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "454 4.7.0 s3cret\r\n"],
            expected: ehlo + ["> AUTH PLAIN AGFsaWNlAHMzY3JldA==", "closed: the mail was not taken now: the server says to the login: 454 4.7.0"]
        ),
        Row(
            testDescription: "no login that is known",
            encryption: .implicit,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH CRAM-MD5\r\n"],
            expected: ehlo + ["closed: mails can not be sent: the server has no login by PLAIN or LOGIN"]
        ),
        Row(
            testDescription: "asked for more than there is to say",
            encryption: .implicit,
            login: alice,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "334 \r\n"],
            expected: ehlo + [
                "> AUTH PLAIN AGFsaWNlAHMzY3JldA==",
                "closed: the mail was not sent: what the server said is not understood: 334 is no answer to this",
            ]
        ),
        Row(
            testDescription: "a login to this machine",
            login: alice,
            mayLogInUnencrypted: true,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "235 ok\r\n", "221 bye\r\n"],
            expected: ehlo + ["> AUTH PLAIN AGFsaWNlAHMzY3JldA==", "ready"] + quit
        ),
        // Mails.
        Row(
            testDescription: "two mails, one step after the other",
            mails: 2,
            script: ["220 hi\r\n", "250 hi\r\n"]
                + [
                    "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 queued\r\n", "250 ok\r\n", "251 ok\r\n", "354 go\r\n", "250 queued\r\n",
                    "221 bye\r\n",
                ],
            expected: ehlo + ["ready"] + transaction + content + ["accepted"] + transaction + content + ["accepted"] + quit
        ),
        Row(
            testDescription: "two mails, all steps at once",
            mails: 2,
            script: [
                "220 hi\r\n", "250-hi\r\n250 PIPELINING\r\n", "250 ok\r\n250 ok\r\n354 go\r\n", "250 queued\r\n",
                "250-2.1.0 ok\r\n250 2.1.0 ok\r\n250 ok\r\n354 go\r\n",
                "250 queued\r\n", "221 bye\r\n",
            ],
            expected: ehlo + ["ready"] + transaction + content + ["accepted"] + transaction + content + ["accepted"] + quit
        ),
        Row(
            testDescription: "a recipient that does not exist, and another mail",
            mails: 2,
            script: [
                "220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "550 5.1.1 <bob@b.example> no such user\r\n", "250 reset\r\n", "250 ok\r\n", "250 ok\r\n",
                "354 go\r\n",
                "250 queued\r\n", "221 bye\r\n",
            ],
            expected: ehlo + ["ready"] + transaction.dropLast() + [
                "> RSET", "failed: the mail was refused: the server says to the recipient: 550 5.1.1 … no such user",
            ]
                + transaction + content + ["accepted"] + quit
        ),
        Row(
            testDescription: "the same, all at once",
            mails: 2,
            script: [
                "220 hi\r\n", "250-hi\r\n250 PIPELINING\r\n", "250 ok\r\n550 5.1.1 no\r\n503 no recipients\r\n", "250 reset\r\n",
                "250 ok\r\n250 ok\r\n354 go\r\n",
                "250 queued\r\n", "221 bye\r\n",
            ],
            expected: ehlo + ["ready"] + transaction + ["> RSET", "failed: the mail was refused: the server says to the recipient: 550 5.1.1 no"]
                + transaction
                + content + ["accepted"] + quit
        ),
        Row(
            testDescription: "a server that wants the mail although nobody is to get it",
            mails: 2,
            script: [
                "220 hi\r\n", "250-hi\r\n250 PIPELINING\r\n", "250 ok\r\n550 5.1.1 no\r\n354 go\r\n", "554 no recipients\r\n",
                "250 ok\r\n250 ok\r\n354 go\r\n",
                "250 queued\r\n", "221 bye\r\n",
            ],
            expected: ehlo + ["ready"] + transaction + ["> .", "failed: the mail was refused: the server says to the recipient: 550 5.1.1 no"]
                + transaction + content
                + ["accepted"] + quit
        ),
        Row(
            testDescription: "greylisting",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "451 4.7.1 try later\r\n", "250 ok\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready"] + transaction.dropLast() + [
                "> RSET", "failed: the mail was not taken now: the server says to the recipient: 451 4.7.1 try later",
            ] + quit
        ),
        Row(
            testDescription: "a sender that may not",
            mails: 1,
            script: [
                "220 hi\r\n", "250-hi\r\n250 PIPELINING\r\n", "553 5.7.1 not you\r\n503 mail first\r\n503 mail first\r\n", "250 ok\r\n",
                "221 bye\r\n",
            ],
            expected: ehlo + ["ready"] + transaction + ["> RSET", "failed: the mail was refused: the server says to the sender: 553 5.7.1 not you"]
                + quit
        ),
        Row(
            testDescription: "a server that wants a login",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "530 5.7.0 log in\r\n", "250 ok\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready"] + transaction.prefix(1) + [
                "> RSET", "failed: mails can not be sent: the server says to the sender: 530 5.7.0 log in",
            ] + quit
        ),
        Row(
            testDescription: "no DATA",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "452 full\r\n", "250 ok\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready"] + transaction + ["> RSET", "failed: the mail was not taken now: the server says to the mail itself: 452 full"]
                + quit
        ),
        Row(
            testDescription: "a mail that is refused, with its link",
            mails: 1,
            script: [
                "220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n",
                "554-5.7.1 spam: https://index.example/reset?t=x\r\n554 5.7.1 and more\r\n",
                "221 bye\r\n",
            ],
            expected: ehlo + ["ready"] + transaction + content + [
                "failed: the mail was refused: the server says to the mail itself: 554 5.7.1 spam: … and more"
            ]
                + quit
        ),
        Row(
            testDescription: "a mail that is not taken now",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "451 4.3.0 not now\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready"] + transaction + content + [
                "failed: the mail was not taken now: the server says to the mail itself: 451 4.3.0 not now"
            ]
                + quit
        ),
        Row(
            testDescription: "a server that goes away before the mail",
            mails: 2,
            script: ["220 hi\r\n", "250 hi\r\n", "421 4.4.2 idle for too long\r\n"],
            expected: ehlo + ["ready"] + transaction.prefix(1) + [
                "failed: the mail was not taken now: the server says to the sender: 421 4.4.2 idle for too long",
                "closed: the mail was not taken now: the server says to the sender: 421 4.4.2 idle for too long",
            ]
        ),
        Row(
            testDescription: "a connection that is cut before the mail",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", nil],
            expected: ehlo + ["ready"] + transaction.dropLast() + [
                "failed: the mail was not sent: the server closed the connection", "closed: the mail was not sent: the server closed the connection",
            ]
        ),
        Row(
            testDescription: "a connection that is cut behind the mail",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", nil],
            expected: ehlo + ["ready"] + transaction + content + [
                "failed: the mail may have been sent, but that was not confirmed: the server closed the connection",
                "closed: the mail may have been sent, but that was not confirmed: the server closed the connection",
            ]
        ),
        Row(
            testDescription: "nonsense behind the mail",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "HTTP/1.1 400 Bad Request\r\n"],
            expected: ehlo + ["ready"] + transaction + content + [
                "failed: the mail may have been sent, but that was not confirmed: what the server said is not understood: a line is no reply of SMTP",
                "closed: the mail may have been sent, but that was not confirmed: what the server said is not understood: a line is no reply of SMTP",
            ]
        ),
        Row(
            testDescription: "a verdict counts although the connection is cut behind it",
            mails: 1,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "550 5.1.1 no\r\n", nil],
            expected: ehlo + ["ready"] + transaction.dropLast() + [
                "> RSET", "failed: the mail was refused: the server says to the recipient: 550 5.1.1 no",
                "closed: the mail was not sent: the server closed the connection",
            ]
        ),
        Row(
            testDescription: "an answer that nobody asked for",
            mails: 1,
            isWhole: true,
            script: ["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 queued\r\n250 and more\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready"] + transaction + content + [
                "accepted", "closed: the mail was not sent: what the server said is not understood: the server answered what nobody asked",
            ]
        ),
        // What the server can do.
        Row(
            testDescription: "SIZE is told",
            mails: 1,
            script: ["220 hi\r\n", "250-hi\r\n250 SIZE 1000000\r\n", "552 too much\r\n", "250 ok\r\n", "221 bye\r\n"],
            expected: ehlo + [
                "ready", "> MAIL FROM:<noreply@index.example> SIZE=241", "> RSET",
                "failed: the mail was refused: the server says to the sender: 552 too much",
            ] + quit
        ),
        Row(
            testDescription: "too large for the server",
            mails: 1,
            script: ["220 hi\r\n", "250-hi\r\n250 SIZE 100\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready", "failed: the mail can not be sent: it has 241 bytes, and the server takes 100"] + quit
        ),
        Row(
            testDescription: "an internationalized address",
            mails: 1,
            recipient: "用户@b.example",
            script: [
                "220 hi\r\n", "250-hi\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 queued\r\n", "221 bye\r\n",
            ],
            expected: ehlo + [
                "ready", "> MAIL FROM:<noreply@index.example> BODY=8BITMIME SMTPUTF8", "> RCPT TO:<用户@b.example>", "> DATA",
            ] + content + ["accepted"] + quit
        ),
        Row(
            testDescription: "an internationalized address where there are none",
            mails: 1,
            recipient: "用户@b.example",
            script: ["220 hi\r\n", "250-hi\r\n250 8BITMIME\r\n", "221 bye\r\n"],
            expected: ehlo + ["ready", "failed: the mail can not be sent: the server takes no internationalized addresses (SMTPUTF8)"] + quit
        ),
        // No SMTP.
        Row(
            testDescription: "numbers that change within a reply",
            script: ["220 hi\r\n", "250-hi\r\n251 hi\r\n"],
            expected: ehlo + ["closed: the mail was not sent: what the server said is not understood: the lines of a reply have different numbers"]
        ),
        Row(
            testDescription: "numbers that there are not",
            script: ["199 hi\r\n"],
            expected: ["closed: the mail was not sent: what the server said is not understood: a line is no reply of SMTP"]
        ),
        Row(
            testDescription: "a number and something else",
            script: ["220+hi\r\n"],
            expected: ["closed: the mail was not sent: what the server said is not understood: a line is no reply of SMTP"]
        ),
        Row(
            testDescription: "a line without end",
            script: ["220 " + String(repeating: "x", count: 5000)],
            expected: ["closed: the mail was not sent: what the server said is not understood: a line has more than 2048 bytes"]
        ),
        Row(
            testDescription: "a reply without end",
            script: [String(repeating: "220-hi\r\n", count: 101)],
            expected: ["closed: the mail was not sent: what the server said is not understood: a reply has more than 100 lines"]
        ),
    ]

    @Test(arguments: rows) func `what is said, cut at every byte`(row: Row) throws {
        let setup = SMTPSession.Setup(
            encryption: row.encryption,
            login: row.login,
            mayLogInUnencrypted: row.mayLogInUnencrypted,
            clientName: "me.example"
        )
        let mails = try (0..<row.mails).map { _ in try SMTPEnvelope.mail(to: row.recipient) }
        let transcript = SMTPTranscript(setup: setup, mails: mails, script: row.script)
        let mail = try SMTPEnvelope.data(SMTPEnvelope.mail(to: row.recipient).content)
        let mailLines = String(decoding: mail, as: UTF8.self).split(separator: "\r\n").map { "> \($0)" }
        let expected = row.expected.flatMap { $0 == "> …" ? mailLines : [$0] }
        #expect(transcript.lines() == expected)
        guard !row.isWhole else { return }
        #expect(transcript.lines { bytes in bytes.indices.map { bytes[$0...$0] } } == expected)
        let longest = row.script.map { $0?.utf8.count ?? 0 }.max() ?? 0
        for place in stride(from: 1, to: min(longest, 300), by: 1) {
            let lines = transcript.lines { bytes in place < bytes.count ? [bytes[..<place], bytes[place...]] : [bytes[...]] }
            #expect(lines == expected)
        }
    }

    @Test func `a long login waits until it is asked for`() {
        let login = SMTPServer.Login(user: String(repeating: "u", count: 200), password: String(repeating: "p", count: 300))
        let response = Base64.encode([0] + Array(login.user.utf8) + [0] + Array(login.password.utf8))
        let setup = SMTPSession.Setup(encryption: .implicit, login: login, clientName: "me.example")
        let transcript = SMTPTranscript(
            setup: setup,
            script: ["220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "334 \r\n", "235 ok\r\n", "221 bye\r\n"]
        )
        #expect(transcript.lines() == ["> EHLO me.example", "> AUTH PLAIN", "> \(response)", "ready", "> QUIT", "closed"])
    }

    @Test(arguments: [
        ("", ".\r\n"), (".", "..\r\n.\r\n"), ("a", "a\r\n.\r\n"), ("a\r\n", "a\r\n.\r\n"), (".\r\n..\r\na.b\r\n", "..\r\n...\r\na.b\r\n.\r\n"),
        ("a\n.\nb", "a\r\n..\r\nb\r\n.\r\n"), ("a\r.\rb", "a\r\n..\r\nb\r\n.\r\n"), ("a\r\r\n.\n", "a\r\n\r\n..\r\n.\r\n"),
        ("a\n.\r\nMAIL FROM:<b>", "a\r\n..\r\nMAIL FROM:<b>\r\n.\r\n"), ("\r\n.\r\n", "\r\n..\r\n.\r\n"),
    ])
    func `no line of a mail ends it`(content: String, data: String) {
        #expect(String(decoding: SMTPEnvelope.data(Array(content.utf8)), as: UTF8.self) == data)
    }

    @Test func `what a server says is shown short and without controls, addresses, links and tokens`() {
        let reply = SMTPReply(
            code: 550,
            lines: [
                Array("5.7.1 a\u{1B}[31mred\tword\r with\u{202E} <alice@a.example> mailto:b@b http://x ".utf8) + [0xFF, 0],
                Array(("5.7.1 " + String(repeating: "token", count: 6) + " " + String(repeating: "word ", count: 100)).utf8),
            ]
        )
        #expect(reply.status == "5.7.1")
        #expect(reply.shown.hasPrefix("a[31mred word with … … … \u{FFFD} … word word"))
        #expect(reply.shown.unicodeScalars.count <= 200)
        #expect(SMTPReply(code: 550, lines: [Array("4.7.1 a".utf8)]).status == nil)
        #expect(SMTPReply(code: 550, lines: [Array("5.7 a".utf8)]).status == nil)
        #expect(SMTPReply(code: 550, lines: [[]]).shown == "")
    }

    @Test(arguments: ["", "a b", "a\r\nMAIL FROM:<b>", "ä", String(repeating: "a", count: 256)]) func `a name that is none is not said`(name: String)
        throws
    {
        var session = SMTPSession(SMTPSession.Setup(encryption: .none, clientName: name))
        #expect(session.receive("220 hi\r\n".utf8) == [.write(Array("EHLO localhost\r\n".utf8))])
        var options = SMTPOptions()
        options.clientName = name
        #expect(throws: MailLocation.Fault.self) { try SMTPMailer(SMTPServer(host: "h", port: 1, encryption: .none), options: options) }
    }

    @Test func `who was refused is told apart from why`() throws {
        let envelope = try SMTPEnvelope.mail()
        var session = SMTPSession(SMTPSession.Setup(encryption: .none, clientName: "me.example"))
        #expect(session.send(envelope) == [.failed(.unavailable("the connection is not ready for a mail"))])
        for said in ["220 hi\r\n", "250 hi\r\n"] { _ = session.receive(said.utf8) }
        _ = session.send(envelope)
        for said in ["250 ok\r\n", "550 bob@b.example?\r\n"] { _ = session.receive(said.utf8) }
        guard case .failed(let error) = session.receive("250 reset\r\n".utf8).first else {
            Issue.record("it was taken")
            return
        }
        #expect(error.refusedRecipient == "bob@b.example")
        #expect(!error.isWorthRetrying)
        #expect(!"\(error)".contains("bob"))
        #expect(session.isReady)
    }
}
