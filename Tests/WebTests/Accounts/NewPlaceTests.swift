// A login with a code from where its user has never been (platform §1.9).

import Backends
import Credentials
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct NewPlaceTests {
    private static let home = "192.0.2.1"
    private static let hotel = "198.51.100.7"
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

    /// Alice has an app, and has been at home.
    private func run(_ body: (Site, Enrolled) async throws -> Void) async throws {
        var settings = IndexSettings()
        settings.asksAboutNewPlaces = true
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.runForPeople(settings, web: web) { site, _ in
            let browser = Browser(site.client, from: Self.home)
            try await browser.logIn("alice", Site.password)
            let own = try await browser.enrol(at: site)
            _ = try await site.test.takeMails()
            try await body(site, own)
        }
    }

    private func logIn(_ browser: Browser, _ site: Site, _ own: Enrolled) async throws -> RawResponse {
        try await browser.logIn("alice", Site.password, next: "/manage/account/token/")
        try await browser.get("/account/two-factor/")
        site.test.clock.advance(by: .seconds(60))
        return try await browser.submit("/account/two-factor/", ["totp_value": site.code(own.totp)])
    }

    /// In a browser that has never been there.
    private func logIn(from address: String, _ site: Site, _ own: Enrolled) async throws -> String? {
        try await logIn(Browser(site.client, from: address, agent: Self.firefox), site, own)["Location"]
    }

    private func link(_ site: Site) async throws -> String {
        let mails = try await site.test.takeMails().filter { $0.subject.hasSuffix("A login from a new place") }
        let mail = try #require(mails.first)
        #expect(mails.count == 1 && mail.recipient.address == "alice@example.org")
        #expect(mail.text.contains(Self.hotel) && mail.text.contains("Firefox on Linux"))
        return String(try #require(mail.text.firstMatch(of: /https?:\/\/[^\/]+(\/account\/confirm-login\/\S+)/)).output.1)
    }

    @Test func `it waits for the link in a mail, which works once, and only there`() async throws {
        try await run { site, own in
            #expect(try await logIn(from: Self.home, site, own) == "/manage/account/token/")
            let browser = Browser(site.client, from: Self.hotel, agent: Self.firefox)
            #expect(try await logIn(browser, site, own)["Location"] == "/account/confirm-login/")
            #expect(try await browser.get("/account/confirm-login/").text.contains("Look into your mail"))
            #expect(try await browser.get("/manage/account/").status == 303)
            let path = try await link(site)
            // Whoever relayed the password and the code has no place there.
            let relay = Browser(site.client, from: "203.0.113.66")
            #expect(try await relay.get(path)["Location"] == "/account/login/")
            #expect(try await relay.get("/account/login/").text.contains("works only where the login was"))
            // Mail scanners open links; that does not use them up.
            let scanner = Browser(site.client, from: Self.hotel)
            for _ in 0..<2 { #expect(try await scanner.get(path).status == 200) }
            #expect(try await browser.get(path).text.contains("alice"))
            let token = try #require(path.split(separator: "=", maxSplits: 1).last).removingPercentEncoding
            let done = try await browser.submit("/account/confirm-login/", ["token": token ?? ""])
            #expect(done.status == 303 && done["Location"] == "/manage/account/token/")
            let history = try await browser.get("/manage/account/").text
            #expect(history.contains("Login from a new place") && history.contains("Firefox on Linux"))
            let again = Browser(site.client, from: Self.hotel)
            #expect(try await again.get(path)["Location"] == "/account/login/")
            // From now on the place is known.
            #expect(try await logIn(from: Self.hotel, site, own) == "/manage/account/token/")
            #expect(try await site.test.takeMails().isEmpty)
        }
    }

    @Test func `the link lapses after six hours, with a new password, and for other users`() async throws {
        try await run { site, own in
            let browser = Browser(site.client, from: Self.hotel, agent: Self.firefox)
            _ = try await logIn(browser, site, own)
            let path = try await link(site)
            for forged in ["\(path.dropLast(8))AAAAAAAA", String(path.prefix(40))] {
                #expect(try await browser.get(forged)["Location"] == "/account/login/", "\(forged)")
            }
            site.test.clock.advance(by: .seconds(6 * 3600 + 1))
            #expect(try await browser.get(path)["Location"] == "/account/login/")
            _ = try await logIn(browser, site, own)
            let second = try await link(site)
            try await site.sql("UPDATE users SET password_set_at = 1 WHERE username = 'alice'")
            #expect(try await browser.get(second)["Location"] == "/account/login/")
        }
    }

    @Test func `one mail is sent in a quarter of an hour, however often somebody tries`() async throws {
        try await run { site, own in
            for _ in 0..<4 { _ = try await logIn(from: Self.hotel, site, own) }
            let path = try await link(site)
            let other = Browser(site.client, from: Self.hotel)
            #expect(try await other.get(path).status == 200)
            site.test.clock.advance(by: .seconds(15 * 60))
            _ = try await logIn(from: Self.hotel, site, own)
            _ = try await link(site)
        }
    }

    // platform §13 item 4
    @Test func `a recovery code is used up when the mail is answered, not before`() async throws {
        try await run { site, own in
            let browser = Browser(site.client, from: Self.hotel, agent: Self.firefox)
            try await browser.logIn("alice", Site.password)
            try await browser.get("/account/recovery-code/")
            let held = try await browser.submit("/account/recovery-code/", ["recovery_code_value": own.codes[0]])
            #expect(held["Location"] == "/account/confirm-login/")
            func left() async throws -> Int {
                try await site.test.db.query("SELECT COUNT(*) AS count FROM recovery_codes WHERE burned_at IS NULL")[0]["count"]
            }
            #expect(try await left() == 7)
            let path = try await link(site)
            try await browser.get(path)
            let token = try #require(path.split(separator: "=", maxSplits: 1).last).removingPercentEncoding
            #expect(try await browser.submit("/account/confirm-login/", ["token": token ?? ""]).status == 303)
            #expect(try await left() == 6)
            #expect(try await site.test.takeMails().map(\.subject).contains { $0.hasSuffix("A recovery code was used") })
        }
    }

    @Test func `a password alone, and a remembered device, are asked nothing more; who has no codes left is told`() async throws {
        try await run { site, own in
            let browser = Browser(site.client, from: Self.home)
            try await browser.logIn("alice", Site.password)
            try await browser.get("/account/two-factor/")
            _ = try await browser.submit("/account/two-factor/", ["totp_value": site.code(own.totp), "remember_device": "on"])
            browser.setSession(nil)
            #expect(try await browser.logIn("alice", Site.password)["Location"] == "/manage/account/")
            try await site.sql("UPDATE recovery_codes SET burned_at = 1")
            for _ in 0..<2 { _ = try await logIn(from: Self.home, site, own) }
            #expect(try await site.test.takeMails().contains { $0.subject.hasSuffix("You have no recovery codes") })
            _ = try await logIn(from: Self.home, site, own)
            // One is enough for a day.
            #expect(try await site.test.takeMails().isEmpty)
        }
    }
}
