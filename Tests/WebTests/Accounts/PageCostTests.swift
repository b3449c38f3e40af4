// What the pages of an account cost.

import Credentials
import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct PageCostTests {
    /// The most statements that each page may take, with those that find out who asks.
    private static let budgets: [String: Int] = [
        "/": 7, "/help/": 4, "/account/login/": 4, "/account/logout/": 4, "/account/reauthenticate/": 4, "/account/register/": 5, "/locale/": 4,
        "/account/two-factor/": 4, "/account/webauthn-authenticate/options": 4, "/account/passkey/options": 5, "/account/recovery-code/": 4,
        "/account/confirm-login/": 4, "/account/view-terms-of-service/": 4, "/outbox/": 4, "/outbox/{name}": 4,
        "/account/verify-email/": 5, "/account/request-password-reset/": 4, "/account/reset-password/": 5, "/account/set-up/": 5,
        "/manage/unverified-account/": 8, "/manage/account/": 8, "/manage/account/delete/": 5, "/manage/account/two-factor/": 8,
        "/manage/account/recovery-codes/burn": 8, "/manage/account/totp-provision": 9, "/manage/account/webauthn-provision": 8,
        "/manage/account/webauthn-provision/options": 9, "/manage/account/token/": 6, "/user/{username}/": 8, "/manage/account/history/": 6,
        // Who looks, counts, what is newest; facets; the project and what of it is elsewhere.
        "/stats/": 6, "/classifiers/": 4, "/security/": 4, "/search/": 16, "/project/{name}/dependents/": 15, "/project/{name}/downloads/": 16,
        "/project/{name}/": 13, "/project/{name}/versions/": 13, "/project/{name}/files/": 13, "/project/{name}/dependencies/": 13,
        "/project/{name}/{version}/contents/{filename}/": 8, "/project/{name}/{version}/contents/{filename}/{member...}": 7,
        "/project/{name}/compare/": 4, "/project/{name}/compare/{from}/{to}/": 11, "/project/{name}/compare/{from}/{to}/{member...}": 11,
        "/project/{name}/{version}/": 13, "/project/{name}/{version}/files/": 13, "/project/{name}/{version}/dependencies/": 13,
    ]

    // A table that grew without end was read with every page once, and took the site down.
    @Test func `each page takes a handful of statements, however much has happened`() async throws {
        try await Site.runForPeople { site, _ in
            for number in 0..<12 { try await site.publish(.wheel("demo\(number)", "1.0")) }
            try await site.test.runJobs()
            try await site.sql(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
                INSERT INTO events (subject_kind, subject_id, tag, details, address, user_agent, happened_at)
                SELECT 'user', u.id, 'account:login:success', '{}', '192.0.2.1', 'x', \(site.test.clock.clock.now()) FROM n, users u
                """
            )
            let counting = CountingDatabase(site.test.db)
            let own = site.test.index
            let index = PackageIndex(
                database: counting,
                storage: own.storage,
                passwords: own.passwords,
                secrets: own.secrets,
                readme: own.readme,
                settings: own.settings,
                clock: own.clock,
                logger: own.logger
            )
            try await site.test.serve(index: index, incoming: "\(site.test.folder)/other") { client in
                let browser = Browser(client)
                try await browser.logIn("alice", Site.password)
                for route in Routes.all where route.session == .looked && route.methods.contains(.get) {
                    let budget = try #require(Self.budgets[route.pattern], "\(route.pattern) has no budget")
                    let path = route.pattern.replacing("{username}", with: "alice").replacing("/project/{name}", with: "/project/demo1").replacing(
                        "{version}",
                        with: "1.0"
                    )
                    .replacing("{filename}", with: "demo1-1.0-py3-none-any.whl").replacing("{member...}", with: "demo1/__init__.py")
                    .replacing("{from}", with: "1.0").replacing("{to}", with: "1.0").replacing("{name}", with: "x")
                    _ = counting.takeStatements()
                    try await browser.get(path)
                    let statements = counting.takeStatements()
                    #expect(statements.count <= budget, "\(path): \(statements.map { $0.prefix(90) })")
                }
            }
        }
    }
}
