// Logging in and out over HTTP (platform §1.6-§1.8).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct LoginTests {
    @Test func `a user logs in, is known on every page, and logs out`() async throws {
        try await Site.runForPeople { site, browser in
            #expect(try await browser.get("/").text.contains("Log in"))
            let answer = try await browser.logIn("alice", Site.password)
            #expect(answer.status == 303 && answer["Location"] == "/manage/account/")
            let home = try await browser.get("/")
            #expect(home.text.contains(">alice</a>") && !home.text.contains(">Log in<"))
            #expect(home["Cache-Control"] == "private, no-store" && home["Vary"]?.contains("Cookie") == true && home["Content-Encoding"] == nil)
            #expect(try await browser.get("/account/login/")["Location"] == "/manage/account/")
            let old = browser.session
            try await browser.get("/account/logout/")
            let out = try await browser.submit("/account/logout/", [:])
            #expect(out.status == 303 && out["Location"] == "/")
            let after = try await browser.get("/")
            #expect(after.text.contains("You are logged out.") && after.text.contains(">Log in<"))
            let later = try await browser.get("/").text
            #expect(!later.contains("You are logged out."))
            // What the browser held before opens nothing.
            browser.setSession(old)
            #expect(try await browser.get("/manage/account/")["Location"] == "/account/login/?next=/manage/account/")
        }
    }

    @Test(arguments: [("alice", "wrong, wrong"), ("nobody", Site.password), ("", ""), ("alice", "")])
    func `whoever is wrong is told the same`(username: String, password: String) async throws {
        try await Site.runForPeople { site, browser in
            let answer = try await browser.logIn(username, password)
            #expect(answer.status == 422 && answer.text.contains("The user name or the password is wrong."))
            #expect(answer.text.contains("value=\"\(username)\""))
            #expect(password.isEmpty || !answer.text.contains(password))
            #expect(try await browser.get("/manage/account/").status == 303)
        }
    }

    // Session fixation: what was planted before the login must not be the session after it.
    @Test func `the session after a login is another than before it`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.get("/account/login/")
            let planted = try #require(browser.session)
            try await browser.logIn("alice", Site.password)
            #expect(browser.session != planted)
            let thief = Browser(site.client)
            thief.setSession(planted)
            #expect(try await thief.get("/manage/account/").status == 303)
        }
    }

    @Test func `the cookie is kept from scripts and other sites, and over HTTPS from plain HTTP`() async throws {
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.runForPeople(web: web) { site, browser in
            let plain = try await site.client.get("/account/login/")
            let secure = try await site.client.get("/account/login/", ["X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"])
            let flags = try [plain, secure].map { try #require($0["Set-Cookie"]).split(separator: "; ").dropFirst().map(String.init) }
            #expect(flags == [["Path=/", "HttpOnly", "SameSite=Lax"], ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]])
        }
    }

    // platform §8.6: the reference keeps a row for every visitor.
    @Test func `nothing is kept for who only looks, and no cookie is set`() async throws {
        try await Site.runForPeople { site, browser in
            for path in ["/", "/help/"] {
                let answer = try await browser.get(path)
                #expect(answer["Set-Cookie"] == nil && answer["Cache-Control"] == "no-cache, public")
            }
            try await browser.get("/account/login/")
            #expect(browser.session != nil)
            #expect(try await site.test.db.query("SELECT 1 AS found FROM sessions").isEmpty)
        }
    }

    // platform §1.18
    @Test func `the way after a login stays on the site`() async throws {
        try await Site.runForPeople { site, browser in
            for (next, expected) in [
                ("/manage/account/token/?project=demo", "/manage/account/token/?project=demo"),
                ("//evil.example/", "/manage/account/"), ("/\\evil.example", "/manage/account/"), ("https://evil.example/", "/manage/account/"),
                ("/\t/evil.example", "/manage/account/"), ("evil.example", "/manage/account/"), ("/a\r\nSet-Cookie: x=1", "/manage/account/"),
                ("/%2F/evil.example", "/%2F/evil.example"), ("", "/manage/account/"),
            ] {
                browser.setSession(nil)
                let answer = try await browser.logIn("alice", Site.password, next: next)
                #expect(answer.status == 303 && answer["Location"] == expected, "\(next)")
                #expect(answer["Set-Cookie"]?.contains("x=1") != true)
            }
        }
    }

    @Test func `a session ends with the password it began with, and where the account is frozen`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            let other = Browser(site.client)
            try await other.logIn("alice", Site.password)
            try await browser.get("/manage/account/")
            let new = "another horse battery"
            let changed = try await browser.submit(
                "/manage/account/password/",
                ["password": Site.password, "new_password": new, "password_confirm": new]
            )
            #expect(changed.status == 303)
            #expect(try await browser.get("/manage/account/").text.contains("Your password is changed."))
            #expect(try await other.get("/manage/account/").status == 303)
            #expect(try await other.logIn("alice", Site.password).status == 422)
            #expect(try await other.logIn("alice", new).status == 303)
            try await site.sql("UPDATE users SET is_frozen = TRUE")
            #expect(try await other.get("/manage/account/").status == 303)
            let frozen = try await other.logIn("alice", new)
            #expect(frozen.status == 422 && frozen.text.contains("frozen"))
        }
    }

    // platform §1.10
    @Test func `what matters asks for the password again after half an hour`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            #expect(try await browser.get("/manage/account/token/").status == 200)
            site.test.clock.advance(by: .seconds(31 * 60))
            let asked = try await browser.get("/manage/account/token/?project=demo")
            #expect(asked["Location"] == "/account/reauthenticate/?next=/manage/account/token/%3Fproject%3Ddemo")
            // A form is not taken either, and nothing happens.
            #expect(
                try await browser.submit("/manage/account/token/", ["name": "stolen"])["Location"]
                    == "/account/reauthenticate/?next=/manage/account/token/"
            )
            #expect(try await site.test.db.query("SELECT 1 AS found FROM api_tokens WHERE description = 'stolen'").isEmpty)
            // What is sent to an address that is no page leads back to the page of its form.
            for (target, page) in [
                ("/manage/account/token/delete/", "/manage/account/token/"), ("/manage/account/name/", "/manage/account/"),
                ("/manage/account/email/add/", "/manage/account/"), ("/manage/account/totp-provision/delete", "/manage/account/totp-provision"),
                ("/manage/account/recovery-codes/generate", "/manage/account/"),
            ] {
                let answer = try await browser.submit(target, [:])
                #expect(answer["Location"] == "/account/reauthenticate/?next=\(page)", "\(target)")
            }
            try await browser.get("/account/reauthenticate/?next=/manage/account/token/")
            let wrong = try await browser.submit("/account/reauthenticate/", ["password": "wrong, wrong", "next": "/manage/account/token/"])
            #expect(wrong.status == 422 && wrong.text.contains("That is not your password."))
            let right = try await browser.submit("/account/reauthenticate/", ["password": Site.password, "next": "/manage/account/token/"])
            #expect(right["Location"] == "/manage/account/token/")
            #expect(try await browser.get("/manage/account/token/").status == 200)
        }
    }

    @Test func `a session that is used lasts, one that is not ends after twelve hours`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            for _ in 0..<5 {
                site.test.clock.advance(by: .seconds(10 * 3600))
                #expect(try await browser.get("/manage/account/").status == 200)
            }
            site.test.clock.advance(by: .seconds(12 * 3600 + 1))
            #expect(try await browser.get("/manage/account/").status == 303)
        }
    }
}
