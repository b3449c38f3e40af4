import Backends
import Testing

@Suite struct MailLocationTests {
    private func server(_ text: String) throws -> SMTPServer {
        guard case .smtp(let server) = try MailLocation(text) else { throw MailLocation.Fault("\(text) is no server") }
        return server
    }

    @Test func `servers`() throws {
        #expect(try server("smtp://mail.example") == SMTPServer(host: "mail.example", port: 587, encryption: .required))
        #expect(try server("smtps://mail.example/") == SMTPServer(host: "mail.example", port: 465, encryption: .implicit))
        let full = try server("smtp://us%40er:pa%2Fss%3A@192.0.2.1:25?starttls=required&ca=/etc/a%20b.pem")
        #expect(full.login == SMTPServer.Login(user: "us@er", password: "pa/ss:"))
        #expect((full.host, full.port) == ("192.0.2.1", 25))
        #expect(full.authority == "/etc/a b.pem")
        #expect(try server("smtp://[2001:db8::1]:26").host == "2001:db8::1")
        #expect(try server("smtp://u:p@ss@h").login?.password == "p@ss")
    }

    @Test(arguments: [
        ("h", SMTPServer.Encryption.required), ("localhost", .none), ("127.0.0.1", .none), ("127.9.9.9:25", .none), ("[::1]", .none),
        ("127.0.0.1.example", .required),
        ("127.example", .required), ("localhost.example", .required), ("h?starttls=none", .none), ("h?starttls=opportunistic", .opportunistic),
        ("localhost?starttls=required", .required),
    ])
    func `STARTTLS is required unless the host is this machine or the URL says otherwise`(text: String, encryption: SMTPServer.Encryption) throws {
        #expect(try server("smtp://\(text)").encryption == encryption)
    }

    @Test func `folder and log`() throws {
        #expect(try MailLocation("directory:/var/spool/a:b?c") == .directory("/var/spool/a:b?c"))
        #expect(try MailLocation("log:") == .log)
    }

    @Test(arguments: [
        "", "smtp", "smtp:", "smtp:/", "smtp://", "smtp:h", "smtp://h:0", "smtp://h:x", "smtp://h:99999", "smtp://h/x", "smtp://a,b", "smtp://a b",
        "smtp://[::1",
        "smtp://::1", "smtp://u@h", "smtp://:p@h", "smtp://u:@h", "smtp://u%zz:p@h", "smtp://u%00:p@h", "smtp://h?starttls=yes", "smtp://h?starttls",
        "smtp://h?ca=",
        "smtp://h?starttls=none&ca=/x", "smtp://h?starttls=none&starttls=required", "smtps://h?starttls=none", "smtps://h?starttls=required",
        "smtp://u:p@h?starttls=none", "smtp://u:p@h?starttls=opportunistic", "smtp://h?other=1", "directory:", "directory", "log:x", "log", "ses:",
        "ses://eu-west-3",
        "SMTP://h", "http://h", "mail.example", "smtp://h\r\n", "smtp://h%0d",
    ])
    func `what can not be is refused in a line`(text: String) {
        do throws(MailLocation.Fault) {
            _ = try MailLocation(text)
            Issue.record("\(text) is taken")
        } catch {
            #expect(!error.description.isEmpty && !error.description.contains { $0.isNewline })
        }
    }

    @Test func `SES is told apart from a mistake`() throws {
        #expect(throws: MailLocation.Fault("ses: is not there yet; use smtps:// with the SMTP interface of SES")) {
            try MailLocation("ses:eu-west-3")
        }
    }

    @Test func `nothing shows a password`() throws {
        let location = try MailLocation("smtps://alice:s3cret@mail.example")
        #expect("\(location)" == "SMTP server mail.example:465, with TLS, as alice")
        var dumped = ""
        dump(location, to: &dumped)
        let server = try server("smtps://alice:s3cret@mail.example")
        for shown in ["\(location)", String(reflecting: location), dumped, "\(server)", "\(server.login as Any)", String(reflecting: server.login)] {
            #expect(shown.contains("alice"))
            #expect(!shown.contains("s3cret"))
        }
        for text in [
            "smtp://u:s3cret@h/x", "smtp://u:s3cret@h?other=1", "smtp://s3cret@h", "smtp://u:s3cret@h?starttls=none", "s3cret", "smtp://h?s3cret@x=1",
            "smtp://u:p?s3cret=x@h",
        ] {
            do throws(MailLocation.Fault) {
                _ = try MailLocation(text)
                Issue.record("\(text) is taken")
            } catch {
                #expect(!error.description.contains("s3cret"))
            }
        }
    }
}
