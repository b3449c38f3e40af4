// Every route against every kind of credential.

import Credentials
import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

/// What each route answers to each kind of caller, written by hand: a route or a kind that is not in it fails.
struct RouteMatrixTests {
    private enum Caller: String, CaseIterable {
        case nobody
        /// A session that just began.
        case session
        /// One whose user gave the password more than half an hour ago.
        case unconfirmed
        /// One of a user whose account has been frozen.
        case frozen
        /// A cookie that means nothing.
        case forgedSession
        case userToken
        case projectToken
        case expiredToken
        case revokedToken
        case forgedToken
        /// Of a user whose account has been frozen.
        case frozenToken
        /// HTTP Basic with the account's own password.
        case password
    }

    /// The status for each caller, in the order of ``Caller``. Forms are sent without their token: what gets as far as its check is 403.
    private static let matrix: [String: [Int]] = [
        "GET /": all(200), "GET /help/": all(200), "GET /static/{path...}": all(404), "GET /locale/": all(400), "GET /simple/": all(200),
        "GET /simple/{name}/": all(200),
        "GET /packages/{path...}": all(200), "GET /_health/": all(200), "GET /_ready/": all(200), "GET /metrics": all(200),
        // Whoever is logged in has nothing to do there.
        "GET /account/login/": [200, 303, 303, 200, 200, 200, 200, 200, 200, 200, 200, 200],
        "GET /account/logout/": [303, 200, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /account/reauthenticate/": [303, 303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /account/set-up/": all(410),
        // Closed on this site, and nobody who is logged in needs it.
        "GET /account/register/": [403, 303, 303, 403, 403, 403, 403, 403, 403, 403, 403, 403],
        "GET /account/verify-email/": all(303), "GET /account/request-password-reset/": all(200), "GET /account/reset-password/": all(303),
        "GET /manage/unverified-account/": all(303),
        "POST /account/register/": all(403), "POST /account/request-password-reset/": all(403), "POST /account/reset-password/": all(403),
        "POST /manage/account/email/add/": all(403), "POST /manage/account/email/delete/": all(403),
        "POST /manage/account/email/primary/": all(403), "POST /manage/account/email/verify/": all(403),
        "GET /manage/account/": [303, 200, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /manage/account/token/": [303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /account/two-factor/": all(303), "GET /account/recovery-code/": all(303),
        // Scripts are told in JSON.
        "GET /account/webauthn-authenticate/options": all(200), "GET /account/passkey/options": all(200),
        "GET /manage/account/two-factor/": [303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /manage/account/recovery-codes/burn": [303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        // Whoever has no recovery codes yet is sent to make some.
        "GET /manage/account/totp-provision": all(303), "GET /manage/account/webauthn-provision": all(303),
        "GET /manage/account/webauthn-provision/options": [303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "POST /account/two-factor/": all(403), "POST /account/webauthn-authenticate/validate": all(403),
        "POST /account/passkey/validate": all(403), "POST /account/recovery-code/": all(403),
        "POST /manage/account/recovery-codes/generate": all(403), "POST /manage/account/recovery-codes/burn": all(403),
        "POST /manage/account/totp-provision": all(403), "POST /manage/account/totp-provision/delete": all(403),
        "POST /manage/account/webauthn-provision/validate": all(403), "POST /manage/account/webauthn-provision/delete": all(403),
        "POST /account/login/": all(403), "POST /account/logout/": all(403), "POST /account/reauthenticate/": all(403),
        "POST /account/set-up/": all(403), "POST /manage/account/name/": all(403), "POST /manage/account/password/": all(403),
        "POST /manage/account/token/": all(403), "POST /manage/account/token/delete/": all(403),
        "POST /manage/account/email/public/": all(403), "POST /manage/unverified-account/": all(403), "POST /manage/account/delete/": all(403),
        "GET /manage/account/delete/": [303, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /project/{name}/index.md": all(200), "GET /project/{name}/{version}/index.md": all(200), "GET /llms.txt": all(200),
        "GET /api/v1/openapi.json": all(200), "GET /api/v1/search": all(200), "GET /api/v1/projects/{name}": all(200),
        "GET /api/v1/projects/{name}/releases/{version}": all(200), "GET /api/v1/projects/{name}/dependents": all(200),
        "GET /api/v1/projects/{name}/downloads": all(200),
        "GET /stats/": all(200), "GET /classifiers/": all(200), "GET /security/": all(200), "GET /search/": all(200),
        "GET /search/suggestions/": all(200), "GET /_force-status/{status}/": all(404), "GET /project/{name}/dependents/": all(200),
        "GET /project/{name}/downloads/": all(200), "GET /project/{name}/downloads.json": all(200), "GET /project/{name}/downloads.svg": all(200),
        // Nobody is to be paid for this site.
        "GET /.well-known/funding-manifest-urls": all(404),
        "GET /project/{name}/": all(200), "GET /project/{name}/versions/": all(200), "GET /project/{name}/files/": all(200),
        "GET /project/{name}/dependencies/": all(200), "GET /project/{name}/{version}/": all(200), "GET /project/{name}/{version}/files/": all(200),
        "GET /project/{name}/{version}/dependencies/": all(200),
        "GET /project/{name}/{version}/contents/{filename}/": all(200),
        "GET /project/{name}/{version}/contents/{filename}/{member...}": all(200),
        // Without two versions it leads back to the list.
        "GET /project/{name}/compare/": all(303), "GET /project/{name}/compare/{from}/{to}/": all(200),
        "GET /project/{name}/compare/{from}/{to}/{member...}": all(200),
        "GET /pypi/{name}/json": all(200), "GET /pypi/{name}/json/": all(200), "GET /pypi/{name}/{version}/json": all(200),
        "GET /pypi/{name}/{version}/json/": all(200), "GET /rss/updates.xml": all(200), "GET /rss/packages.xml": all(200),
        "GET /rss/project/{name}/releases.xml": all(200), "GET /sitemap.xml": all(200), "GET /sitemap/{part}": all(200), "GET /robots.txt": all(200),
        // Nobody is named on this site.
        "GET /.well-known/security.txt": all(404), "GET /opensearch.xml": all(200),
        "GET /pypi": all(301), "GET /pypi/": all(301), "GET /pypi/{name}/": all(301), "GET /pypi/{name}/{version}/": all(301),
        "GET /p/{name}/": all(301), "GET /p/{name}/{version}/": all(301), "GET /2fa/": all(301),
        "GET /manage/account/history/": [303, 200, 200, 303, 303, 303, 303, 303, 303, 303, 303, 303],
        "GET /account/confirm-login/": all(200), "POST /account/confirm-login/": all(403),
        // There are no terms on this site, and its mails go into no folder.
        "GET /account/view-terms-of-service/": all(404), "GET /outbox/": all(404), "GET /outbox/{name}": all(404),
        "GET /user/{username}/": all(200), "GET /u/{username}/": all(301),
        // With a file: only tokens that hold now publish it.
        "POST /legacy/": [403, 403, 403, 403, 403, 200, 200, 403, 403, 403, 403, 403],
        "POST /legacy": all(308),
        // Calls are in XML; these are none, and name no old action. Of provenance there is none.
        "POST /pypi": all(404), "POST /pypi/": all(404), "POST /RPC2": all(404), "GET /integrity/{name}/{version}/{filename}/provenance": all(404),
    ]

    private static func all(_ status: Int) -> [Int] { Caller.allCases.map { _ in status } }

    private func headers(_ caller: Caller, _ site: Site) async throws -> [String: String] {
        func session() async throws -> Browser {
            let browser = Browser(site.client)
            try await browser.logIn("alice", Site.password)
            return browser
        }
        switch caller {
        case .nobody: return [:]
        case .session: return try await ["Cookie": "session_id=\(session().session ?? "")"]
        case .unconfirmed:
            let browser = try await session()
            site.test.clock.advance(by: .seconds(31 * 60))
            return ["Cookie": "session_id=\(browser.session ?? "")"]
        case .frozen:
            let hash = try await site.test.index.passwords.hash(Site.password)
            if try await site.test.db.query("SELECT 1 AS found FROM users WHERE username = 'fred'").isEmpty { try await site.test.user("fred") }
            try await site.sql("UPDATE users SET password_hash = \(hash), is_frozen = FALSE WHERE username = 'fred'")
            let browser = Browser(site.client)
            try await browser.logIn("fred", Site.password)
            try await site.sql("UPDATE users SET is_frozen = TRUE WHERE username = 'fred'")
            return ["Cookie": "session_id=\(browser.session ?? "")"]
        case .forgedSession: return ["Cookie": "session_id=\(String(repeating: "a", count: 43))"]
        case .userToken: return ["Authorization": site.bearer]
        case .projectToken: return try await ["Authorization": "Bearer \(site.test.token(project: "demo"))"]
        case .expiredToken:
            let token = try await site.test.token(expiresAt: site.test.clock.clock.now() + 1_000_000)
            site.test.clock.advance(by: .seconds(10))
            return ["Authorization": "Bearer \(token)"]
        case .revokedToken:
            let token = try await site.test.token()
            try await site.sql(
                "DELETE FROM api_tokens WHERE id = (SELECT id FROM api_tokens ORDER BY created_at DESC, id LIMIT 1) AND description <> 'kept'"
            )
            return ["Authorization": "Bearer \(token)"]
        case .forgedToken:
            let token = site.token
            return ["Authorization": "Bearer \(token.dropLast(6))AAAAAA"]
        case .frozenToken:
            let token = try await site.test.token(of: "fred")
            return ["Authorization": "Bearer \(token)"]
        case .password: return ["Authorization": WebClient.basic("alice", Site.password)]
        }
    }

    // TOB-PYPI26-7, and the bypass of second factors of 2020: tokens were taken on every page.
    @Test func `every route answers every kind of caller as the matrix says`() async throws {
        var settings = IndexSettings()
        settings.limitsRates = false
        try await Site.runForPeople(settings) { site, _ in
            try await site.publish(.wheel("demo", "1.0"))
            let file = try await site.link("demo")
            try await site.test.runJobs()
            var seen: Set<String> = []
            for (column, caller) in Caller.allCases.enumerated() {
                for route in Routes.all {
                    let method = route.methods[0].rawValue
                    let key = "\(method) \(route.pattern)"
                    let path = route.pattern.replacing("/packages/{path...}", with: file).replacing("{path...}", with: "x.css").replacing(
                        "{name}",
                        with: "demo"
                    ).replacing("{username}", with: "alice").replacing("{version}", with: "1.0").replacing("{part}", with: "projects-0.xml")
                        .replacing("{filename}", with: "demo-1.0-py3-none-any.whl").replacing("{member...}", with: "demo/__init__.py")
                        .replacing("{from}", with: "1.0").replacing("{to}", with: "1.0")
                    let row = try #require(Self.matrix[key], "\(key) is not in the matrix")
                    seen.insert(key)
                    // Made anew: what one route does must not be what the next one sees.
                    let own = try await headers(caller, site)
                    if route.pattern == "/legacy/" {
                        let answer = try await site.client.upload(.wheel("demo", "2.\(column)"), authorization: own["Authorization"])
                        #expect(answer.status == row[column], "an upload by \(caller)")
                        continue
                    }
                    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    for (name, value) in own { head += "\(name): \(value)\r\n" }
                    if method == "POST" {
                        head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b"
                    } else {
                        head += "\r\n"
                    }
                    let answer = try await site.client.exchange(Array(head.utf8))[0]
                    #expect(answer.status == row[column], "\(key) for \(caller)")
                    if answer.status == 303 { #expect(answer["Location"]?.hasPrefix("/") == true) }
                    // What is for one person is for nobody else's cache.
                    if caller == .session, route.session == .looked { #expect(answer["Cache-Control"] == "private, no-store", "\(key)") }
                }
            }
            #expect(Set(Self.matrix.keys) == seen)
            #expect(try await site.fileCount() == 3)
        }
    }
}
