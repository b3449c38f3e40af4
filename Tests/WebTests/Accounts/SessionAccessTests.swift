// What stops a session that may not do something, for every route that only users may use.

import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

/// Sends a valid form token with every form, so that the check under test is the one that answers. What to expect comes from the rows of the route table.
struct SessionAccessTests {
    private enum Caller: CaseIterable {
        /// A browser without a session. Its form token is valid: the login page gave it one.
        case stranger
        /// A session cookie that this site never issued.
        case forged
        /// Logged in, then frozen.
        case frozen
        /// Logged in, with a primary address that was never verified.
        case unverified
        /// Logged in without a second factor.
        case withoutFactor
        /// Logged in, but gave the password more than half an hour ago.
        case stale
        /// Has everything a site can ask for.
        case complete
    }

    /// Where the first check that fails sends the caller; `nil` where none does.
    private static func stop(_ caller: Caller, at route: Route, _ setting: IndexSettings.SecondFactor) -> String? {
        guard case .user(let confirmed, let unverified, let withoutFactor) = route.access else { return nil }
        switch caller {
        case .stranger, .forged, .frozen: return "/account/login/?next="
        case .unverified where !unverified: return "/manage/unverified-account/"
        case .withoutFactor where setting == .required && !unverified && !withoutFactor: return "/manage/account/two-factor/"
        case .stale where confirmed: return "/account/reauthenticate/?next="
        default: return nil
        }
    }

    private func browser(_ caller: Caller, _ site: Site) async throws -> Browser {
        let name = "user\(UUID().uuidString.prefix(8).lowercased())"
        func logIn() async throws -> Browser {
            let browser = try await site.add(name)
            // Only whether there is a factor matters here, not what it is.
            if caller != .withoutFactor { try await site.sql("UPDATE users SET has_second_factor = TRUE WHERE username = \(name)") }
            return browser
        }
        switch caller {
        case .stranger:
            let browser = Browser(site.client)
            try await browser.get("/account/login/")
            return browser
        case .forged:
            let browser = Browser(site.client)
            browser.setSession(String(repeating: "A", count: 43))
            try await browser.get("/account/login/")
            return browser
        case .frozen:
            let browser = try await logIn()
            try await browser.get("/manage/account/")
            try await site.sql("UPDATE users SET is_frozen = TRUE WHERE username = \(name)")
            return browser
        case .unverified:
            let browser = try await logIn()
            try await site.sql(
                "UPDATE emails SET is_verified = FALSE WHERE user_id = (SELECT id FROM users WHERE username = \(name))"
            )
            try await browser.get("/manage/account/")
            return browser
        case .stale:
            let browser = try await logIn()
            try await browser.get("/manage/account/")
            site.test.clock.advance(by: .seconds(31 * 60))
            return browser
        case .withoutFactor, .complete:
            let browser = try await logIn()
            try await browser.get("/manage/account/")
            return browser
        }
    }

    /// Everything about accounts that a form could change.
    private func accounts(_ site: Site) async throws -> [String] {
        let statements: [SQL] = [
            "SELECT id, username, name, password_hash, has_second_factor FROM users ORDER BY id",
            "SELECT id, user_id, address, is_primary, is_verified, is_public FROM emails ORDER BY id",
            "SELECT id, user_id, description, caveats FROM api_tokens ORDER BY id",
            "SELECT user_id FROM authenticator_apps ORDER BY user_id",
            "SELECT id, user_id FROM security_keys ORDER BY id",
            "SELECT code_hash, user_id FROM recovery_codes ORDER BY code_hash",
            "SELECT id, tag FROM events ORDER BY id",
        ]
        var lines: [String] = []
        for statement in statements { lines += try await site.test.db.query(statement).map { "\($0)" } }
        return lines
    }

    // TOB-PYPI26-7 and the bypass of second factors of 2020: every check stands before every page and form that needs it.
    @Test(arguments: [IndexSettings.SecondFactor.optional, .required])
    func `every page and form of a user is reached only by sessions that have shown what it asks for`(
        _ setting: IndexSettings.SecondFactor
    ) async throws {
        var settings = IndexSettings()
        settings.limitsRates = false
        settings.secondFactor = setting
        try await Site.runForPeople(settings) { site, _ in
            for route in Routes.all {
                guard case .user = route.access else { continue }
                for caller in Caller.allCases {
                    let browser = try await browser(caller, site)
                    let before = try await accounts(site)
                    let answer =
                        route.methods.contains(.post)
                        ? try await browser.submit(route.pattern, [:]) : try await browser.get(route.pattern)
                    let seen = "\(route.methods[0]) \(route.pattern) by \(caller)"
                    let location = answer["Location"] ?? ""
                    if let stop = Self.stop(caller, at: route, setting) {
                        #expect(answer.status == 303 && location.hasPrefix(stop), "\(seen): \(answer.status) \(location)")
                        #expect(try await accounts(site) == before, "\(seen) changed something")
                    } else {
                        #expect([200, 303, 400, 403, 404, 409, 410, 422].contains(answer.status), "\(seen): \(answer.status)")
                        // 403 by the page itself, for a password that is missing; never for the token.
                        #expect(!answer.text.contains("This form was not sent from"), "\(seen)")
                        #expect(
                            !location.hasPrefix("/account/login/?next=") && !location.hasPrefix("/account/reauthenticate/?next="),
                            "\(seen): \(location)"
                        )
                    }
                }
            }
        }
    }

    @Test func `a form token belongs to one session: that of another browser is refused everywhere`() async throws {
        var settings = IndexSettings()
        settings.limitsRates = false
        try await Site.runForPeople(settings) { site, browser in
            try await browser.logIn("alice", Site.password)
            let other = try await site.add("bob")
            try await other.get("/manage/account/")
            try await browser.get("/manage/account/")
            let own = try #require(browser.formToken)
            let token = try #require(other.formToken)
            #expect(own != token)
            for route in Routes.all where route.csrf == .form {
                #expect(try await browser.submit(route.pattern, ["csrf_token": token]).status == 403, "\(route.pattern)")
            }
        }
    }
}
