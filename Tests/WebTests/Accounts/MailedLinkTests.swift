// Registering, proving an address, and a new password, by the links in mails (platform §1.6, §1.11, §1.12).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct MailedLinkTests {
    private static let person = [
        "username": "mona", "name": "Mona", "email": "mona@example.org", "password": "plum orchard seventeen",
        "password_confirm": "plum orchard seventeen",
    ]

    private func open(_ body: (Site, Browser) async throws -> Void) async throws {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        try await Site.runForPeople(settings, body)
    }

    /// The path of the link in a mail.
    private func link(in mail: MailMessage) throws -> String {
        let found = try #require(mail.text.firstMatch(of: /https?:\/\/[^\/]+(\/account\/\S+)/))
        #expect(mail.html?.contains(String(found.output.0)) == true)
        return String(found.output.1)
    }

    private func register(_ browser: Browser, _ changes: [String: String] = [:]) async throws -> RawResponse {
        try await browser.get("/account/register/")
        return try await browser.submit("/account/register/", Self.person.merging(changes) { $1 })
    }

    @Test func `a stranger registers, opens the link in the mail, and makes a token`() async throws {
        try await open { site, browser in
            #expect(try await register(browser).status == 303)
            #expect(try await browser.get("/manage/account/").text.contains("Not verified"))
            #expect(try await browser.get("/manage/account/token/")["Location"] == "/manage/unverified-account/")
            #expect(try await browser.get("/manage/unverified-account/").text.contains("mona@example.org"))
            let mails = try await site.test.takeMails()
            #expect(mails.map(\.recipient.address) == ["mona@example.org"] && mails[0].subject.hasSuffix("Verify your email address"))
            let path = try link(in: mails[0])
            // Only for the user who added the address.
            let other = Browser(site.client)
            #expect(try await other.get(path)["Location"]?.hasPrefix("/account/login/") == true)
            try await other.logIn("alice", Site.password)
            #expect(try await other.get(path).status == 303)
            #expect(try await other.get("/manage/account/").text.contains("for another account"))
            #expect(try await browser.get(path).status == 303)
            #expect(try await browser.get("/manage/account/").text.contains("mona@example.org is verified"))
            #expect(try await browser.get("/manage/account/token/").status == 200)
            // Once more does no harm.
            #expect(try await browser.get(path).status == 303)
            let rows = try await site.test.db.query("SELECT kind, recipient FROM sent_mails")
            #expect(rows.count == 1)
        }
    }

    @Test func `where mails go nowhere, and where an administrator says so, nobody registers`() async throws {
        try await Site.runForPeople { site, browser in
            #expect(try await register(browser).status == 403)
            let login = try await browser.get("/account/login/").text
            #expect(!login.contains("/account/register/"))
        }
        try await open { site, browser in
            #expect(try await browser.get("/account/login/").text.contains("/account/register/"))
            try await site.sql("UPDATE flags SET is_on = TRUE WHERE name = 'disallow-new-user-registration'")
            #expect(try await register(browser).status == 403)
            #expect(try await site.test.takeMails().isEmpty)
        }
    }

    @Test func `what is wrong with a registration is said at its field, and no mail goes out`() async throws {
        try await open { site, browser in
            for (field, value) in [
                ("username", "alice"), ("username", "ALICE"), ("username", "a b"), ("username", "аlice"), ("email", "alice@example.org"),
                ("email", "ALICE@EXAMPLE.ORG"), ("email", "a@b\r\nBcc: c@d"), ("email", ""), ("name", "see https://evil.example"),
                ("password_confirm", "x"),
            ] {
                let answer = try await register(browser, [field: value])
                #expect(answer.status == 422 && answer.text.contains("id=\"\(field)-fault\""), "\(field) \(value)")
            }
            for weak in ["password", "12345678", "qwertyuiop", "mona@example.org", "monamona", "aaaaaaaaaaaa"] {
                let answer = try await register(browser, ["password": weak, "password_confirm": weak])
                #expect(answer.status == 422 && answer.text.contains("easy to guess"), "\(weak)")
                #expect(!answer.text.contains("value=\"\(weak)\"") || weak.contains("@"))
            }
            #expect(try await register(browser, ["confirm_form": "filled in by a program"])["Location"] == "/")
            #expect(try await site.test.takeMails().isEmpty)
            #expect(try await site.test.db.query("SELECT 1 AS found FROM users").count == 1)
        }
    }

    @Test func `two accounts a day are made from one place`() async throws {
        try await open { site, _ in
            for (number, status) in [303, 303, 429].enumerated() {
                let answer = try await register(Browser(site.client), ["username": "user\(number)", "email": "user\(number)@example.org"])
                #expect(answer.status == status)
            }
            #expect(try await site.test.takeMails().count == 2)
        }
    }

    // TOB-PYPI26-5: the reset page told who is privileged. platform §1.11
    @Test func `a forgotten password is set by a link, once, and everybody who was logged in is not any more`() async throws {
        try await open { site, browser in
            let old = Browser(site.client)
            try await old.logIn("alice", Site.password)
            site.test.clock.advance(by: .seconds(1))
            var texts: Set<String> = []
            for name in ["nobody", "alice", "ALICE@example.org", "x@y"] {
                try await browser.get("/account/request-password-reset/")
                let answer = try await browser.submit("/account/request-password-reset/", ["username_or_email": name])
                #expect(answer.status == 200)
                texts.insert(answer.text)
            }
            // Nobody learns who has an account.
            #expect(texts.count == 1)
            let mails = try await site.test.takeMails()
            #expect(mails.count == 2 && mails.allSatisfy { $0.recipient.address == "alice@example.org" })
            let (first, second) = (try link(in: mails[0]), try link(in: mails[1]))
            #expect(try await browser.get(first).text.contains("For alice."))
            let weak = try await browser.submit(
                "/account/reset-password/",
                ["token": token(first), "new_password": "alice", "password_confirm": "alice"]
            )
            #expect(weak.status == 422)
            let new = ["new_password": "plum orchard seventeen", "password_confirm": "plum orchard seventeen"]
            let done = try await browser.submit("/account/reset-password/", new.merging(["token": token(first)]) { $1 })
            #expect(done["Location"] == "/account/login/")
            // Nobody is logged in by it.
            #expect(try await browser.get("/manage/account/").status == 303)
            #expect(try await old.get("/manage/account/").status == 303)
            for used in [first, second] { #expect(try await browser.get(used)["Location"] == "/account/request-password-reset/") }
            #expect(try await browser.get("/account/request-password-reset/").text.contains("has been used"))
            #expect(try await browser.logIn("alice", Site.password).status == 422)
            #expect(try await browser.logIn("alice", "plum orchard seventeen").status == 303)
            #expect(try await site.test.takeMails().map(\.subject).allSatisfy { $0.hasSuffix("Your password was changed") })
        }
    }

    private func token(_ path: String) -> String { String(path.split(separator: "=", maxSplits: 1).last ?? "") }

    @Test func `a link that is old, changed, for something else or of a frozen account opens nothing`() async throws {
        try await open { site, browser in
            func ask() async throws -> String {
                try await browser.get("/account/request-password-reset/")
                _ = try await browser.submit("/account/request-password-reset/", ["username_or_email": "alice"])
                return try link(in: try #require(try await site.test.takeMails().last))
            }
            func opens(_ path: String) async throws -> Bool { try await browser.get(path).status == 200 }
            func isShut(_ path: String) async throws -> Bool { try await browser.get(path)["Location"] == "/account/request-password-reset/" }
            let path = try await ask()
            #expect(try await opens(path))
            #expect(try await isShut(String(path.dropLast(3)) + "AAA"))
            #expect(try await isShut("/account/reset-password/?token="))
            #expect(try await isShut("/account/reset-password/"))
            site.test.clock.advance(by: .seconds(6 * 3600 + 1))
            #expect(try await isShut(path))
            let fresh = try await ask()
            #expect(try await opens(fresh))
            let elsewhere = Browser(site.client)
            try await elsewhere.logIn("alice", Site.password)
            // Who logs in knows the password.
            #expect(try await isShut(fresh))
            let third = try await ask()
            try await site.sql("UPDATE users SET is_frozen = TRUE")
            #expect(try await isShut(third))
            // A link that verifies an address sets no password.
            let stranger = Browser(site.client)
            _ = try await register(stranger)
            let verification = try link(in: try #require(try await site.test.takeMails().last))
            #expect(try await isShut("/account/reset-password/?token=\(token(verification))"))
        }
    }

    @Test func `administrators, frozen accounts and addresses that nobody proved get no link`() async throws {
        for change in ["UPDATE users SET is_superuser = TRUE", "UPDATE users SET is_frozen = TRUE", "UPDATE emails SET is_verified = FALSE"] as [SQL]
        {
            try await open { site, browser in
                try await site.sql(change)
                try await browser.get("/account/request-password-reset/")
                let answer = try await browser.submit("/account/request-password-reset/", ["username_or_email": "alice"])
                let nobody = try await browser.submit("/account/request-password-reset/", ["username_or_email": "nobody"])
                #expect(answer.status == 200 && answer.text == nobody.text)
                #expect(try await site.test.takeMails().isEmpty)
            }
        }
    }

    @Test func `an address is added, proved and made the primary one, and those from before are told`() async throws {
        try await open { site, browser in
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/")
            #expect(try await browser.submit("/manage/account/email/add/", ["email": "new@example.org"]).status == 303)
            let mails = try await site.test.takeMails()
            #expect(Set(mails.map(\.recipient.address)) == ["new@example.org", "alice@example.org"])
            let proof = try #require(mails.first { $0.recipient.address == "new@example.org" })
            let id: Int64 = try await site.test.db.query("SELECT id FROM emails WHERE address = 'new@example.org'")[0]["id"]
            let first: Int64 = try await site.test.db.query("SELECT id FROM emails WHERE address = 'alice@example.org'")[0]["id"]
            try await browser.get("/manage/account/")
            // Not before it is proved.
            #expect(try await browser.submit("/manage/account/email/primary/", ["id": "\(id)"]).status == 404)
            #expect(try await browser.get(try link(in: proof)).status == 303)
            try await browser.get("/manage/account/")
            #expect(try await browser.submit("/manage/account/email/delete/", ["id": "\(first)"]).status == 403)
            #expect(try await browser.submit("/manage/account/email/primary/", ["id": "\(id)"]).status == 303)
            let told = try await site.test.takeMails()
            #expect(told.map(\.recipient.address) == ["alice@example.org"] && told[0].text.contains("new@example.org"))
            #expect(try await browser.submit("/manage/account/email/delete/", ["id": "\(first)"]).status == 303)
            // Nobody touches another's.
            try await site.test.user("bob")
            let bobs: Int64 = try await site.test.db.query("SELECT id FROM emails WHERE address = 'bob@example.org'")[0]["id"]
            for action in ["delete", "primary", "verify"] {
                #expect(try await browser.submit("/manage/account/email/\(action)/", ["id": "\(bobs)"]).status == 404)
            }
            #expect(try await site.test.db.query("SELECT 1 AS found FROM emails WHERE address = 'bob@example.org' AND is_primary").count == 1)
        }
    }

    @Test func `a mail that is refused for now is sent again, one that is refused for good is given up`() async throws {
        try await open { site, browser in
            let mailer = try #require(site.test.index.mailer as? MemoryMailer)
            mailer.fail { _ in .unavailable("nobody is there") }
            #expect(try await register(browser).status == 303)
            #expect(try await site.test.takeMails().isEmpty)
            mailer.fail(nil)
            site.test.clock.advance(by: .seconds(3600))
            #expect(try await site.test.takeMails().count == 1)
            mailer.fail { _ in .misconfigured("it is wrong for ever") }
            _ = try await register(Browser(site.client), ["username": "eve", "email": "eve@example.org"])
            #expect(try await site.test.takeMails().isEmpty)
            mailer.fail(nil)
        }
    }
}
