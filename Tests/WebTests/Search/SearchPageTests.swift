// The search page and what completes names (platform §7.6).

import Backends
import Foundation
import JobQueue
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct SearchPageTests {
    private func read(_ site: Site, _ path: String) async throws -> RawResponse { try await site.client.get(path, ["Accept": "text/html"]) }

    /// Counts nothing: tests ask oftener than anybody types.
    static var unlimited: IndexSettings {
        var settings = IndexSettings()
        settings.limitsRates = false
        return settings
    }

    private func withProjects(_ settings: IndexSettings = unlimited, _ body: (Site) async throws -> Void) async throws {
        try await Site.run(settings) { site in
            for (name, summary) in [("alpha-client", "Talks to the alpha service"), ("alpha", "A service"), ("beta", "Something else entirely")] {
                try await site.publish(.wheel(name, "1.0"))
                try await site.sql(
                    "UPDATE releases SET summary = \(summary) WHERE project_id = (SELECT id FROM projects WHERE normalized_name = \(name))"
                )
            }
            try await site.sql(
                """
                INSERT INTO release_classifiers (release_id, position, classifier)
                SELECT r.id, 0, 'Topic :: Software Development :: Libraries' FROM releases r JOIN projects p ON p.id = r.project_id
                WHERE p.normalized_name <> 'beta'
                """
            )
            try await site.test.runJobs()
            try await body(site)
        }
    }

    @Test func `a publish is found by name, summary and classifier, and a yank takes it out again`() async throws {
        try await withProjects { site in
            let page = try await read(site, "/search/?q=alpha")
            #expect(page.status == 200 && page.text.contains("2 projects"))
            let order = ["/project/alpha/", "/project/alpha-client/"].map { page.text.range(of: $0)?.lowerBound }
            let (first, second) = (try #require(order[0]), try #require(order[1]))
            #expect(first < second)
            #expect(page.text.contains("Talks to the <mark>alpha</mark> service"))
            #expect(try await read(site, "/search/?q=entirely").text.contains("/project/beta/"))
            let filtered = try await read(site, "/search/?c=Topic%20%3A%3A%20Software%20Development")
            #expect(filtered.text.contains("2 projects") && !filtered.text.contains("/project/beta/"))
            // The filter that is chosen stands open, and can be taken away.
            #expect(filtered.text.contains("value=\"Topic :: Software Development\" checked") && filtered.text.contains("href=\"/search/?q=\""))
            try await site.sql("UPDATE releases SET yanked = TRUE WHERE project_id = (SELECT id FROM projects WHERE normalized_name = 'beta')")
            try await site.publish(.wheel("gamma", "1.0"))
            site.test.clock.advance(by: .seconds(1))
            try await site.test.db.write { try $0.jobs.enqueue(RebuildSearch(), now: site.test.clock.clock.now()) }
            try await site.test.runJobs()
            #expect(!(try await read(site, "/search/?q=beta").text.contains("/project/beta/")))
            #expect(try await read(site, "/search/?q=gamma").text.contains("/project/gamma/"))
        }
    }

    @Test func `a name that is nearly right is suggested, and one that is half typed completed`() async throws {
        try await withProjects { site in
            let page = try await read(site, "/search/?q=alhpa-client")
            #expect(page.text.contains("alpha-client"))
            let suggestions = try await site.client.get("/search/suggestions/?q=al")
            #expect(suggestions["Content-Type"] == "application/x-suggestions+json")
            #expect(suggestions.text == "[\"al\",[\"alpha\",\"alpha-client\"]]\n")
            #expect(try await site.client.get("/search/suggestions/").text == "[\"\",[]]\n")
            // Whoever asks for a project that is not there may have meant another.
            let missing = try await read(site, "/project/alpha-clent/")
            #expect(missing.status == 404 && missing.text.contains("href=\"/project/alpha-client/\""))
        }
    }

    // platform §7.6, §3.9
    @Test func `bad searches get one clear error`() async throws {
        try await withProjects { site in
            let long = String(repeating: "a", count: 1001)
            let many = (0..<100).map { "c=x\($0)" }.joined(separator: "&")
            for (target, status) in [
                ("?q=\(long)", 413), ("?q=\(long.dropLast())", 200), ("?page=x", 400), ("?page=", 400), ("?page=1.5", 400), ("?page=-1", 404),
                ("?page=0", 404), ("?page=2", 404), ("?page=501", 404), ("?page=99999999999999999999999", 404), ("?page=1", 200), ("?\(many)", 400),
                ("?q=%FF", 400), ("?o=nonsense", 200), ("?o=-created", 200), ("?c=Unknown%20%3A%3A%20thing", 200),
            ] {
                let page = try await read(site, "/search/\(target)")
                #expect(page.status == status, "\(target.prefix(40)): \(page.status)")
            }
            // Nothing of it is syntax.
            for text in [
                "\"", "'", "' OR 1=1 --", "alpha*", "NEAR(alpha)", "alpha AND NOT beta", "a:b", "{}[]()", "\\", "%", "_", "\u{0}",
                "<script>alert(1)</script>",
                "\u{202E}", "*:*", "!alpha", "(((((", "alpha OR", "^alpha", "\"alpha", "name:alpha", "&|!:*", "é", "日本語",
                String(repeating: "a ", count: 400),
            ] {
                let query = text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                let page = try await read(site, "/search/?q=\(query)")
                #expect(page.status == 200, "\(text): \(page.status)")
                #expect(!page.text.contains("<script>alert"))
                #expect(try await site.client.get("/search/suggestions/?q=\(query)").status == 200, "\(text)")
            }
        }
    }

    // platform §7.6: 5 a second
    @Test func `who searches too often is asked to wait`() async throws {
        var settings = IndexSettings()
        // A window that no slow machine leaves.
        settings.rateLimits = try RateLimitOverrides("search=5/1h")
        try await withProjects(settings) { site in
            var statuses: [Int] = []
            var last: RawResponse?
            for _ in 0..<8 {
                last = try await read(site, "/search/?q=alpha")
                statuses.append(last?.status ?? 0)
            }
            #expect(statuses == [200, 200, 200, 200, 200, 429, 429, 429])
            #expect(last?["Retry-After"] != nil)
            // Nothing else is.
            #expect(try await read(site, "/project/alpha/").status == 200)
        }
    }

    /// A search engine that is away.
    private struct Absent: SearchEngine {
        func search(_ query: SearchQuery) async throws(SearchUnavailable) -> SearchResults { throw SearchUnavailable("away") }
        func complete(_ prefix: String, limit: Int) async throws(SearchUnavailable) -> [String] { throw SearchUnavailable("away") }
        func update(_ documents: [SearchDocument], removing removed: [String]) async throws(SearchUnavailable) { throw SearchUnavailable("away") }
        func rebuild(_ documents: some AsyncSequence<[SearchDocument], any Error> & Sendable) async throws { throw SearchUnavailable("away") }
    }

    // 2017-04-15: a search engine that did not answer took the site with it.
    @Test func `without search everything else works, and the page says so`() async throws {
        try await Site.run(Self.unlimited, outside: TestIndex.Outside(search: Absent())) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let page = try await read(site, "/search/?q=demo")
            #expect(page.status == 503 && page["Retry-After"] != nil && page.text.contains("Search is not available right now"))
            #expect(try await site.client.get("/search/suggestions/?q=de").status == 503)
            for path in ["/simple/demo/", "/project/demo/", "/pypi/demo/json", try await site.link("demo"), "/"] {
                #expect(try await site.client.get(path).status == 200, "\(path)")
            }
            #expect(try await read(site, "/project/domo/").status == 404)
            // The job waits for search to come back; tests expect nothing to be left.
            let waiting = try await site.test.db.query("SELECT id FROM jobs WHERE kind = 'reindex-projects'")
            #expect(!waiting.isEmpty)
            try await site.sql("DELETE FROM jobs")
        }
    }

    // A private index keeps its names to itself.
    @Test func `on a site that needs a login strangers find nothing`() async throws {
        var settings = Self.unlimited
        settings.readAccess = .authenticated
        try await withProjects(settings) { site in
            for path in [
                "/search/?q=alpha", "/search/suggestions/?q=al", "/stats/", "/project/alpha/", "/project/alpha/dependents/", "/project/alhpa/",
            ] {
                let answer = try await read(site, path)
                #expect(answer.status == 401 && !answer.text.contains("alpha-client"), "\(path)")
            }
            #expect(!(try await read(site, "/").text.contains("alpha")))
            let own = try await site.client.get("/search/suggestions/?q=al", ["Authorization": site.bearer])
            #expect(own.status == 200 && own.text.contains("alpha-client"))
        }
    }
}
