// Who may read and register, for every combination of the settings that decide it.

import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

@Suite struct ReadingTests {
    private enum Reader: CaseIterable {
        case stranger
        /// A session whose address was never verified.
        case unproved
        /// A session with a verified address and no second factor.
        case withoutFactor
        /// A session with both.
        case complete
        case token
    }

    /// Who reads, by read access and second-factor rule. On a public index everybody does.
    private static func mayRead(_ reader: Reader, _ access: IndexSettings.ReadAccess, _ factor: IndexSettings.SecondFactor) -> Bool {
        switch (access, reader) {
        case (.anonymous, _): true
        case (.authenticated, .stranger), (.authenticated, .unproved): false
        case (.authenticated, .withoutFactor): factor != .required
        case (.authenticated, .complete), (.authenticated, .token): true
        }
    }

    // Finding 2: on a private index that sends mails, an account with a made-up address read everything.
    @Test(arguments: [IndexSettings.ReadAccess.anonymous, .authenticated], IndexSettings.SecondFactor.allCases)
    func `a private index is read by tokens and by sessions that have shown what it asks for`(
        access: IndexSettings.ReadAccess,
        factor: IndexSettings.SecondFactor
    ) async throws {
        var settings = IndexSettings()
        settings.readAccess = access
        settings.secondFactor = factor
        settings.limitsRates = false
        try await Site.runForPeople(settings) { site, _ in
            // What the operator's own token publishes, whatever the rule for people.
            try await site.publish(.wheel("demo", "1.0"))
            let file = try await site.test.db.query("SELECT path FROM files")[0]["path", as: String.self]
            for reader in Reader.allCases {
                var headers = ["Accept": "text/html"]
                switch reader {
                case .stranger: break
                case .token: headers["Authorization"] = site.bearer
                case .unproved, .withoutFactor, .complete:
                    let name = "\(reader)".lowercased()
                    let browser = try await site.add(name)
                    if reader == .complete { try await site.sql("UPDATE users SET has_second_factor = TRUE WHERE username = \(name)") }
                    if reader == .unproved {
                        try await site.sql("UPDATE emails SET is_verified = FALSE WHERE user_id = (SELECT id FROM users WHERE username = \(name))")
                    }
                    headers["Cookie"] = "session_id=\(browser.session ?? "")"
                }
                for path in [
                    "/simple/", "/simple/demo/", "/packages/\(file)", "/pypi/demo/json", "/project/demo/", "/search/?q=demo", "/api/v1/projects/demo",
                ] {
                    let head = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
                    let answer = try await site.client.exchange(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(head)\r\n".utf8))[0]
                    let expected = Self.mayRead(reader, access, factor) ? 200 : 401
                    #expect(answer.status == expected, "\(path) for \(reader), \(access), \(factor): \(answer.status)")
                }
            }
        }
    }

    // Finding 20.
    @Test func `a profile names no project that is quarantined`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("other", "1.0"))
            let before = try await site.client.get("/user/alice/").text
            #expect(before.contains("/project/demo/") && before.contains("/project/other/"))
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter' WHERE normalized_name = 'demo'")
            let after = try await site.client.get("/user/alice/").text
            #expect(!after.contains("/project/demo/") && after.contains("/project/other/"))
        }
    }
}
