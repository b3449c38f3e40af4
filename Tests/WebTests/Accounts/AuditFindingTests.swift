// What audits of the reference found in accounts, tokens and sessions: none of it is here. Named after the findings.

import Backends
import Credentials
import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct AuditFindingTests {
    @Test func `TOB-PYPI26-4: an event that can not be written undoes what it tells of`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/token/")
            try await site.sql("ALTER TABLE events RENAME TO events_elsewhere")
            let answer = try await browser.submit("/manage/account/token/", ["name": "unseen", "days": ""])
            try await site.sql("ALTER TABLE events_elsewhere RENAME TO events")
            #expect(answer.status == 500 && !answer.text.contains("pypi-"))
            #expect(try await site.test.db.query("SELECT 1 AS found FROM api_tokens WHERE description = 'unseen'").isEmpty)
        }
    }

    @Test func `TOB-PYPI26-5: whoever asks for a new password learns nothing of who may do what`() async throws {
        try await Site.runForPeople { site, browser in
            _ = try await site.add("root")
            try await site.sql("UPDATE users SET is_superuser = TRUE WHERE username = 'root'")
            var answers: Set<String> = []
            for name in ["alice", "root", "nobody", "root@example.org", "' OR 1=1 --", String(repeating: "x", count: 300)] {
                try await browser.get("/account/request-password-reset/")
                let answer = try await browser.submit("/account/request-password-reset/", ["username_or_email": name])
                answers.insert("\(answer.status) \(answer.text)")
            }
            #expect(answers.count == 1)
            #expect(try await site.test.takeMails().allSatisfy { $0.recipient.address == "alice@example.org" })
        }
    }

    @Test func `TOB-PYPI26-6: a ban of an address holds for tokens`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.test.index.banAddress("127.0.0.1", reason: "guesses")
            #expect(try await site.client.upload(.wheel("demo", "1.1"), authorization: site.bearer).status == 403)
            #expect(try await site.fileCount() == 1)
        }
    }

    @Test func `TOB-PYPI26-7: what may only be read is not changed by a POST`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await Site.run(settings) { site in
            let reader = try await site.test.index.createToken(for: "alice", NewToken(description: "r", reach: .read, origin: .operator_))
            for route in Routes.all where route.methods.contains(.post) {
                let path = route.pattern.replacing("{name}", with: "demo")
                let answer = try await site.client.send("POST", path, headers: ["Authorization": "Bearer \(reader)"], body: [])
                #expect([400, 403, 404, 308].contains(answer.status), "\(path): \(answer.status)")
            }
            for path in ["/simple/", "/simple/demo/", "/packages/x"] {
                #expect(try await site.client.send("POST", path, headers: ["Authorization": "Bearer \(reader)"], body: []).status == 405, "\(path)")
            }
        }
    }

    @Test func `TOB-PYPI26-9: a code that was used is used, however it is spelled`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            let own = try await browser.enrol(at: site)
            let code = site.code(own.totp)
            for (text, status) in [(code, 303), (code, 422), (" \(code)", 422), (code.map { "\($0) " }.joined(), 422), ("\u{2003}\(code)", 422)] {
                let other = Browser(site.client)
                try await other.logIn("alice", Site.password)
                try await other.get("/account/two-factor/")
                #expect(try await other.submit("/account/two-factor/", ["totp_value": text]).status == status, "\(text)")
            }
        }
    }

    @Test func `TOB-PYPI26-11: nobody deletes another's token, address or key`() async throws {
        try await Site.runForPeople { site, alice in
            let bob = try await site.add("bob")
            _ = try await site.test.token(of: "alice")
            let token: String = try await site.test.db.query(
                "SELECT t.id FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE u.username = 'alice'"
            )[0]["id"]
            let email: Int64 = try await site.test.db.query("SELECT e.id FROM emails e JOIN users u ON u.id = e.user_id WHERE u.username = 'alice'")[
                0
            ]["id"]
            let before: Int = try await site.test.db.query("SELECT COUNT(*) AS count FROM api_tokens")[0]["count"]
            try await bob.get("/manage/account/token/")
            for (path, fields) in [
                ("/manage/account/token/delete/", ["id": token]), ("/manage/account/email/delete/", ["id": "\(email)"]),
                ("/manage/account/email/primary/", ["id": "\(email)"]), ("/manage/account/email/verify/", ["id": "\(email)"]),
                ("/manage/account/email/public/", ["public_email": "\(email)"]), ("/manage/account/webauthn-provision/delete", ["id": "1"]),
            ] {
                let answer = try await bob.submit(path, fields)
                #expect([403, 404].contains(answer.status), "\(path): \(answer.status)")
            }
            #expect(try await site.test.db.query("SELECT COUNT(*) AS count FROM api_tokens")[0]["count", as: Int.self] == before)
            #expect(try await site.test.db.query("SELECT 1 AS found FROM emails WHERE id = \(email) AND is_primary AND NOT is_public").count == 1)
        }
    }

    @Test func `TOB-PYPI 2023: a login says the same, and does the same work, for a user who does not exist`() async throws {
        try await Site.runForPeople { site, _ in
            let frozen = try await site.add("fred")
            try await site.sql("UPDATE users SET is_frozen = TRUE WHERE username = 'fred'")
            _ = frozen
            var answers: Set<String> = []
            for name in ["alice", "nobody", "fred", "alice@example.org"] {
                let answer = try await site.logIn(name, "wrong, wrong")
                let text = answer.text.replacing(/value="[^"]*"/, with: "")
                answers.insert("\(answer.status) \(text)")
            }
            #expect(answers.count == 1)
        }
    }

    @Test func `TOB-PYPI 2023: what a client writes into a proxy's headers counts only where a proxy is trusted`() async throws {
        try await Site.runForPeople { site, _ in
            for number in 0..<10 { _ = try await site.logIn("nobody", "wrong, wrong", from: "192.0.2.\(number)") }
            let late = try await site.logIn("alice", Site.password, from: "198.51.100.1")
            #expect(late.status == 429)
        }
    }

    @Test func `a token's caveats are held, those in it and those that are kept`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("other", "1.0"))
            // Kept since: it may be restricted after it was given out.
            try await site.sql("UPDATE api_tokens SET caveats = '[\"[1,[\\\"demo\\\"]]\"]'")
            #expect(try await site.client.upload(.wheel("demo", "1.1"), authorization: site.bearer).status == 200)
            #expect(try await site.client.upload(.wheel("other", "1.1"), authorization: site.bearer).status == 403)
            // Added by its holder.
            var less = try Macaroon(token: site.token)
            less.addCaveat(Caveat.projectName(["other"]).json)
            #expect(try await site.client.upload(.wheel("demo", "1.2"), authorization: "Bearer \(less.token)").status == 403)
            #expect(try await site.client.upload(.wheel("other", "1.2"), authorization: "Bearer \(less.token)").status == 403)
        }
    }

    @Test func `whoever is asked for the password again can not give another user's`() async throws {
        try await Site.runForPeople { site, _ in
            let bob = try await site.add("bob")
            let hash = try await site.test.index.passwords.hash("another horse battery")
            try await site.sql("UPDATE users SET password_hash = \(hash) WHERE username = 'alice'")
            site.test.clock.advance(by: .seconds(31 * 60))
            try await bob.get("/account/reauthenticate/")
            let wrong = try await bob.submit("/account/reauthenticate/", ["username": "alice", "password": "another horse battery"])
            #expect(wrong.status == 422)
            #expect(try await bob.get("/manage/account/token/")["Location"]?.hasPrefix("/account/reauthenticate/") == true)
            #expect(try await bob.submit("/account/reauthenticate/", ["username": "alice", "password": Site.password]).status == 303)
            #expect(try await bob.get("/manage/account/").text.contains("<dd>bob</dd>"))
        }
    }

    @Test func `uses of one token at once are noted without a deadlock`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "0.1"))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...12 {
                    group.addTask { try await site.client.upload(.wheel("demo", "\(number).0"), authorization: site.bearer).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 200 })
        }
    }

    @Test func `no line break gets into a redirect or a mail`() async throws {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        try await Site.runForPeople(settings) { site, browser in
            for next in ["/x\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie:a=b", "/\\evil.example", "//evil.example", "https://evil.example"] {
                let answer = try await Browser(site.client).logIn("alice", Site.password, next: next)
                #expect(answer["Location"]?.hasPrefix("/") == true && answer["Location"]?.hasPrefix("//") == false, "\(next)")
                #expect(!answer.headers.contains { $0.value.hasPrefix("a=b") })
            }
            try await browser.get("/account/register/")
            let person = ["username": "mona", "password": "seven green bottles", "password_confirm": "seven green bottles"]
            for (name, email) in [("Mona\r\nBcc: all@example.org", "mona@example.org"), ("Mona", "mona@example.org\r\nBcc: all@example.org")] {
                _ = try await browser.submit("/account/register/", person.merging(["name": name, "email": email]) { $1 })
            }
            for mail in try await site.test.takeMails() {
                #expect(!String(decoding: mail.bytes, as: UTF8.self).contains("\r\nBcc:"))
                #expect(mail.recipient.address == "mona@example.org")
            }
        }
    }
}
