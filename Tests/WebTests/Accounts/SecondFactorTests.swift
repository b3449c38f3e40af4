// Second factors over HTTP (platform §1.9, §2.2).

import Credentials
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct SecondFactorTests {
    private func codes(in page: String) -> [String] { Browser.recoveryCodes(in: page) }

    private func enrol(_ browser: Browser, _ site: Site) async throws -> Enrolled { try await browser.enrol(at: site) }

    private func code(_ totp: TOTP, _ site: Site, later steps: Int64 = 0) -> String { site.code(totp, later: steps) }

    private func run(_ body: (Site, Browser) async throws -> Void) async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            try await body(site, browser)
        }
    }

    // platform §2.2: the gate.
    @Test func `an app is taken once codes were made and one was entered, and not before`() async throws {
        try await run { site, browser in
            try await browser.get("/manage/account/two-factor/")
            #expect(try await browser.get("/manage/account/totp-provision")["Location"] == "/manage/account/two-factor/")
            #expect(try await browser.get("/manage/account/two-factor/").text.contains("Make recovery codes first"))
            let made = codes(in: try await browser.submit("/manage/account/recovery-codes/generate", [:]).text)
            #expect(try await browser.get("/manage/account/two-factor/").text.contains("Enter one of your recovery codes first"))
            #expect(try await browser.get("/manage/account/webauthn-provision").status == 303)
            try await browser.get("/manage/account/recovery-codes/burn")
            let wrong = try await browser.submit("/manage/account/recovery-codes/burn", ["recovery_code_value": "0000000000000000"])
            #expect(wrong.status == 422 && wrong.text.contains("none of your recovery codes"))
            let spaced = made[3].uppercased().prefix(8) + " " + made[3].uppercased().suffix(8)
            #expect(try await browser.submit("/manage/account/recovery-codes/burn", ["recovery_code_value": String(spaced)]).status == 303)
            let again = try await browser.submit("/manage/account/recovery-codes/burn", ["recovery_code_value": made[3]])
            #expect(again.status == 422 && again.text.contains("used before"))
            #expect(try await browser.get("/manage/account/totp-provision").status == 200)
            try await site.sql("UPDATE emails SET is_verified = FALSE")
            #expect(try await browser.get("/manage/account/two-factor/")["Location"] == "/manage/unverified-account/")
        }
    }

    // TOB-PYPI26-9: a code was taken again when it was spelled with spaces.
    @Test func `with an app the password alone opens nothing, and a code works once`() async throws {
        try await run { site, browser in
            let own = try await enrol(browser, site)
            let other = Browser(site.client)
            let half = try await other.logIn("alice", Site.password, next: "/manage/account/token/")
            #expect(half.status == 303 && half["Location"] == "/account/two-factor/")
            #expect(try await other.get("/manage/account/").status == 303)
            try await other.get("/account/two-factor/")
            let wrong = try await other.submit("/account/two-factor/", ["totp_value": "000000"])
            #expect(wrong.status == 422)
            let code = code(own.totp, site)
            let done = try await other.submit("/account/two-factor/", ["totp_value": code])
            #expect(done.status == 303 && done["Location"] == "/manage/account/token/")
            #expect(try await other.get("/manage/account/token/").status == 200)
            // Somebody who read it over a shoulder, with the password.
            let thief = Browser(site.client)
            try await thief.logIn("alice", Site.password)
            try await thief.get("/account/two-factor/")
            for text in [code, " \(code) ", String(code.prefix(3)) + " " + code.suffix(3)] {
                #expect(try await thief.submit("/account/two-factor/", ["totp_value": text]).status == 422)
            }
            let history = try await other.get("/manage/account/").text
            #expect(history.contains("Second factor added") && history.contains("Login that failed"))
        }
    }

    @Test func `a code is taken from a clock that is half a minute off, not from one that is five minutes off`() async throws {
        try await run { site, browser in
            let own = try await enrol(browser, site)
            for (steps, status) in [(Int64(10), 422), (-10, 422), (2, 422), (1, 303)] {
                let other = Browser(site.client)
                try await other.logIn("alice", Site.password)
                try await other.get("/account/two-factor/")
                #expect(
                    try await other.submit("/account/two-factor/", ["totp_value": code(own.totp, site, later: steps)]).status == status,
                    "\(steps)"
                )
            }
        }
    }

    @Test func `a recovery code ends a login, once`() async throws {
        try await run { site, browser in
            let own = try await enrol(browser, site)
            for status in [303, 422] {
                let other = Browser(site.client)
                try await other.logIn("alice", Site.password)
                try await other.get("/account/recovery-code/")
                #expect(try await other.submit("/account/recovery-code/", ["recovery_code_value": own.codes[0]]).status == status)
            }
            #expect(try await browser.get("/manage/account/two-factor/").text.contains("6 of 8 are left"))
        }
    }

    @Test func `five wrong codes make a user wait, and right ones too`() async throws {
        try await run { site, browser in
            let own = try await enrol(browser, site)
            let other = Browser(site.client)
            try await other.logIn("alice", Site.password)
            try await other.get("/account/two-factor/")
            for _ in 0..<5 { _ = try await other.submit("/account/two-factor/", ["totp_value": "000000"]) }
            let late = try await other.submit("/account/two-factor/", ["totp_value": code(own.totp, site)])
            #expect(late.status == 429 && late["Retry-After"] != nil)
            try await other.get("/account/recovery-code/")
            #expect(try await other.submit("/account/recovery-code/", ["recovery_code_value": own.codes[0]]).status == 429)
        }
    }

    @Test func `the second step lapses after five minutes, and with a new password`() async throws {
        try await run { site, browser in
            let own = try await enrol(browser, site)
            let other = Browser(site.client)
            try await other.logIn("alice", Site.password)
            try await other.get("/account/two-factor/")
            site.test.clock.advance(by: .seconds(301))
            let late = try await other.submit("/account/two-factor/", ["totp_value": code(own.totp, site)])
            #expect(late["Location"] == "/account/login/")
            #expect(try await other.get("/account/login/").text.contains("took too long"))
            try await other.logIn("alice", Site.password)
            try await other.get("/account/two-factor/")
            try await site.sql("UPDATE users SET password_set_at = 1")
            #expect(try await other.submit("/account/two-factor/", ["totp_value": code(own.totp, site)])["Location"] == "/account/login/")
        }
    }

    @Test func `a device that is remembered is asked for the password alone, until something changes`() async throws {
        try await run { site, browser in
            let own = try await enrol(browser, site)
            let device = Browser(site.client)
            try await device.logIn("alice", Site.password)
            try await device.get("/account/two-factor/")
            let done = try await device.submit("/account/two-factor/", ["totp_value": code(own.totp, site), "remember_device": "on"])
            let cookie = try #require(done.headers.first { $0.name.lowercased() == "set-cookie" && $0.value.hasPrefix("remember_device=") }).value
            #expect(cookie.contains("Path=/account/login/") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            device.setSession(nil)
            #expect(try await device.logIn("alice", Site.password)["Location"] == "/manage/account/")
            // The password is asked for all the same.
            device.setSession(nil)
            #expect(try await device.logIn("alice", "wrong, wrong").status == 422)
            // Somebody else's browser is not remembered by it.
            try await site.test.user("bob")
            let hash = try await site.test.index.passwords.hash(Site.password)
            try await site.sql("UPDATE users SET password_hash = \(hash), has_second_factor = TRUE WHERE username = 'bob'")
            device.setSession(nil)
            #expect(try await device.logIn("bob", Site.password)["Location"] == "/account/two-factor/")
            site.test.clock.advance(by: .seconds(30 * 86400 + 1))
            device.setSession(nil)
            #expect(try await device.logIn("alice", Site.password)["Location"] == "/account/two-factor/")
        }
    }

    @Test func `the last second factor can not be removed`() async throws {
        try await run { site, browser in
            _ = try await enrol(browser, site)
            try await browser.get("/manage/account/two-factor/")
            let answer = try await browser.submit("/manage/account/totp-provision/delete", [:])
            #expect(answer.status == 403 && answer.text.contains("Your last second factor stays"))
            #expect(try await site.test.db.query("SELECT 1 AS found FROM authenticator_apps").count == 1)
        }
    }

    @Test func `an app whose clock is wrong is told so while it is set up`() async throws {
        try await run { site, browser in
            try await browser.get("/manage/account/two-factor/")
            let made = codes(in: try await browser.submit("/manage/account/recovery-codes/generate", [:]).text)
            try await browser.get("/manage/account/recovery-codes/burn")
            _ = try await browser.submit("/manage/account/recovery-codes/burn", ["recovery_code_value": made[0]])
            let page = try await browser.get("/manage/account/totp-provision").text
            let totp = try TOTP(secretText: String(try #require(page.firstMatch(of: /<code>([A-Z2-7 ]{39})<\/code>/)).output.1))
            let wrong = try await browser.submit("/manage/account/totp-provision", ["totp_value": code(totp, site, later: -8)])
            #expect(wrong.status == 422 && wrong.text.contains("the clock of your device is wrong"))
            // What was on the screen is still what is asked for.
            #expect(wrong.text.contains(String(totp.secretText.prefix(4))))
            // Shown again, it is another secret.
            _ = try await browser.get("/manage/account/totp-provision")
            #expect(try await browser.submit("/manage/account/totp-provision", ["totp_value": code(totp, site)]).status == 422)
        }
    }

    @Test func `what a key answers to a challenge that nobody set, or to another site's, opens nothing`() async throws {
        try await run { site, browser in
            let stranger = Browser(site.client)
            try await stranger.get("/account/login/")
            let none = try await stranger.submit("/account/passkey/validate", ["credential": "{}"])
            #expect(none.status == 200 && none.text.contains("\"fail\""))
            // 127.0.0.1 is no name that browsers know keys for.
            #expect(try await stranger.get("/account/passkey/options").text.contains("for sites that have a name"))
            #expect(try await stranger.get("/manage/account/").status == 303)
        }
    }

    // design §0: `EMPORIUM_SECOND_FACTOR=required`
    @Test func `a site that asks everybody for a second factor lets nobody do anything before`() async throws {
        var settings = IndexSettings()
        settings.secondFactor = .required
        try await Site.runForPeople(settings) { site, browser in
            try await browser.logIn("alice", Site.password)
            #expect(try await browser.get("/manage/account/").status == 200)
            #expect(try await browser.get("/manage/account/token/")["Location"] == "/manage/account/two-factor/")
            #expect(try await browser.get("/manage/account/two-factor/").text.contains("asks everybody for a second factor"))
            _ = try await enrol(browser, site)
            #expect(try await browser.get("/manage/account/token/").status == 200)
        }
    }
}
