// The end of an account, and what everybody sees of one (platform §1.6, §1.15, §2.1).

import Backends
import Credentials
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct DeleteAccountTests {
    @Test func `an account that is deleted is gone with its tokens and sessions, and its name is free`() async throws {
        try await Site.runForPeople { site, _ in
            let browser = try await site.add("bob")
            let elsewhere = Browser(site.client)
            try await elsewhere.logIn("bob", Site.password)
            let token = try await site.test.token(of: "bob")
            try await site.sql("UPDATE users SET has_second_factor = FALSE WHERE username = 'bob'")
            try await browser.get("/manage/account/delete/")
            for (fields, words) in [
                (["confirm_username": "bobby", "password": Site.password], "not your user name"),
                (["confirm_username": "bob", "password": "wrong, wrong"], "not your password"),
            ] {
                let refused = try await browser.submit("/manage/account/delete/", fields)
                #expect(refused.status == 422 && refused.text.contains(words))
            }
            let done = try await browser.submit("/manage/account/delete/", ["confirm_username": "bob", "password": Site.password])
            #expect(done.status == 303 && done["Location"] == "/")
            #expect(try await browser.get("/").text.contains("Your account is deleted"))
            for browser in [browser, elsewhere] { #expect(try await browser.get("/manage/account/").status == 303) }
            #expect(try await site.client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(token)").status == 403)
            #expect(try await site.client.get("/user/bob/").status == 404)
            let mails = try await site.test.takeMails()
            #expect(mails.map(\.recipient.address) == ["bob@example.org"] && mails[0].subject.hasSuffix("Your account was deleted"))
            try await site.test.user("bob")
        }
    }

    @Test func `the only owner of a project stays, and so does the only administrator`() async throws {
        try await Site.runForPeople { site, browser in
            try await site.publish(.wheel("demo", "1.0"))
            try await browser.logIn("alice", Site.password)
            #expect(try await browser.get("/manage/account/delete/").text.contains("only owner of these projects"))
            try await browser.get("/manage/account/")
            let refused = try await browser.submit("/manage/account/delete/", ["confirm_username": "alice", "password": Site.password])
            #expect(refused.status == 422)
            #expect(try await browser.get("/manage/account/").status == 200)
            // With another owner she may go: what she published stays, and the journal does not name her.
            try await site.test.user("bob")
            try await site.sql(
                "INSERT INTO roles (project_id, user_id, name) SELECT p.id, u.id, 'Owner' FROM projects p, users u WHERE u.username = 'bob'"
            )
            try await site.sql("UPDATE users SET is_superuser = TRUE WHERE username = 'alice'")
            try await browser.get("/manage/account/delete/")
            let last = try await browser.submit("/manage/account/delete/", ["confirm_username": "alice", "password": Site.password])
            #expect(last.status == 422 && last.text.contains("only administrator"))
            try await site.sql("UPDATE users SET is_superuser = TRUE WHERE username = 'bob'")
            #expect(try await browser.submit("/manage/account/delete/", ["confirm_username": "alice", "password": Site.password]).status == 303)
            #expect(try await site.client.get("/simple/demo/").status == 200)
            let authors: [String?] = try await site.test.db.query("SELECT DISTINCT submitted_by FROM journal").map { try $0[at: 0] }
            #expect(authors == ["deleted-user"])
        }
    }

    @Test func `a profile shows a user's projects, and an address only where they say so`() async throws {
        try await Site.runForPeople { site, browser in
            try await site.publish(.wheel("demo", "1.0"))
            let page = try await site.client.get("/user/alice/", ["Accept": "text/html"])
            #expect(page.status == 200 && page.text.contains(">demo</a>") && !page.text.contains("alice@example.org"))
            #expect(try await site.client.get("/user/ALICE/")["Location"] == "/user/alice/")
            #expect(try await site.client.get("/u/alice/")["Location"] == "/user/alice/")
            #expect(try await site.client.get("/user/nobody/").status == 404)
            #expect(try await site.client.get("/u//evil.example/").status == 404)
            try await browser.logIn("alice", Site.password)
            let account = try await browser.get("/manage/account/").text
            let id = String(try #require(account.firstMatch(of: /<option value="([0-9]+)">alice@example.org/)).output.1)
            #expect(try await browser.submit("/manage/account/email/public/", ["public_email": id]).status == 303)
            #expect(try await site.client.get("/user/alice/").text.contains("mailto:alice@example.org"))
            #expect(try await browser.submit("/manage/account/email/public/", ["public_email": "99999"]).status == 404)
            #expect(try await browser.submit("/manage/account/email/public/", ["public_email": ""]).status == 303)
            #expect(try await !site.client.get("/user/alice/").text.contains("alice@example.org"))
        }
    }

    // platform §1.12
    @Test func `an address that was mistyped is replaced by whoever has nothing to lose`() async throws {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        settings.rateLimits = try RateLimitOverrides("email.add=10/1d")
        try await Site.runForPeople(settings) { site, alice in
            let browser = Browser(site.client)
            try await browser.get("/account/register/")
            let person = [
                "username": "mona", "email": "mona@exmaple.org", "password": "seven green bottles", "password_confirm": "seven green bottles",
            ]
            _ = try await browser.submit("/account/register/", person)
            _ = try await site.test.takeMails()
            try await browser.get("/manage/unverified-account/")
            #expect(try await browser.submit("/manage/unverified-account/", ["email": "no address"]).status == 422)
            #expect(try await browser.submit("/manage/unverified-account/", ["email": "alice@example.org"]).text.contains("used already"))
            #expect(try await browser.submit("/manage/unverified-account/", ["email": "mona@example.org"]).status == 303)
            #expect(try await site.test.takeMails().map(\.recipient.address) == ["mona@example.org"])
            #expect(try await !browser.get("/manage/account/").text.contains("exmaple"))
            // Whoever has a verified address has another way.
            try await alice.logIn("alice", Site.password)
            try await alice.get("/manage/account/")
            #expect(try await alice.submit("/manage/unverified-account/", ["email": "new@example.org"]).status == 422)
        }
    }
}
