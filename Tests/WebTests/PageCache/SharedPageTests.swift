// Pages that are the same for everybody who has no session.

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct SharedPageTests {
    /// The site, over a database that counts.
    private func withCounting(_ body: (Site, WebClient, CountingDatabase) async throws -> Void) async throws {
        try await Site.runForPeople { site, _ in
            try await site.publish(.wheel("demo", "1.0"))
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
            try await site.test.serve(index: index, incoming: "\(site.test.folder)/other") { client in try await body(site, client, counting) }
        }
    }

    @Test func `a project's page is made once for all strangers, in each language, and costs the database nothing after that`() async throws {
        try await withCounting { _, client, counting in
            func read(_ language: String?) async throws -> RawResponse {
                let head = language.map { "Accept-Language: \($0)\r\n" } ?? ""
                return try await client.exchange(Array("GET /project/demo/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\(head)\r\n".utf8))[0]
            }
            func cost(_ language: String?, _ expected: String) async throws -> Int {
                _ = counting.takeStatements()
                let page = try await read(language).text
                #expect(page.contains("<html lang=\"\(expected)\""), "\(language ?? "")")
                return counting.takeStatements().count
            }
            #expect(try await cost(nil, "en") > 0)
            #expect(try await cost(nil, "en") == 0)
            #expect(try await cost("de", "de") > 0)
            for (language, expected) in [("de-AT,en;q=0.5", "de"), ("fr, en", "en"), ("de", "de")] {
                let again = try await cost(language, expected)
                #expect(again == 0, "\(language)")
            }
            // What was chosen on the site counts more than what the browser likes.
            let request = "GET /project/demo/ HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nCookie: _LOCALE_=de\r\n\r\n"
            let chosen = try await client.exchange(Array(request.utf8))[0]
            #expect(chosen.text.contains("<html lang=\"de\"") && counting.takeStatements().isEmpty)
            let page = try await read(nil)
            #expect(page["Cache-Control"] == "no-cache, public")
            let vary = page["Vary"] ?? ""
            #expect(vary.contains("Cookie") && vary.contains("Accept-Language"))
            let again = try await client.get("/project/demo/", ["If-None-Match": page["ETag"] ?? "none"])
            #expect(again.status == 304)
        }
    }

    // Secrets of one visitor must never reach another, by our own memory or by a proxy's.
    @Test func `who is logged in never meets the shared page, and leaves nothing in it`() async throws {
        try await withCounting { _, client, _ in
            let browser = Browser(client)
            try await browser.logIn("alice", Site.password)
            let stranger = try await client.get("/project/demo/", ["Accept": "text/html"])
            #expect(stranger.text.contains("/account/login/") && !stranger.text.contains("/account/logout/"))
            for _ in 0..<2 {
                let own = try await browser.get("/project/demo/")
                #expect(own.text.contains("/account/logout/"))
                #expect(own["Cache-Control"] == "private, no-store")
                let other = try await client.get("/project/demo/", ["Accept": "text/html"])
                #expect(other.text == stranger.text)
                #expect(other["Set-Cookie"] == nil)
            }
            // A page that was first asked for by somebody who is known.
            #expect(try await browser.get("/project/demo/files/").text.contains("/account/logout/"))
            #expect(!(try await client.get("/project/demo/files/", ["Accept": "text/html"]).text.contains("/account/logout/")))
            // A session that ended opens nothing.
            browser.setSession(String(repeating: "b", count: 43))
            #expect(try await browser.get("/project/demo/").text.contains("/account/login/"))
        }
    }

    @Test func `what changes shows at once, what is not there too`() async throws {
        try await Site.run { site in
            func read(_ path: String) async throws -> RawResponse { try await site.client.get(path, ["Accept": "text/html"]) }
            #expect(try await read("/project/demo/versions/").status == 404)
            try await site.publish(.wheel("demo", "1.0"))
            #expect(try await read("/project/demo/versions/").text.contains("1 release"))
            try await site.publish(.wheel("demo", "2.0"))
            #expect(try await read("/project/demo/versions/").text.contains("2 releases"))
            #expect(try await read("/project/demo/").text.contains("<small>2.0</small>"))
            #expect(try await read("/project/DEMO/")["Location"] == "/project/demo/")
        }
    }
}
