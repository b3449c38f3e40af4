import Foundation
import JobQueue
import SQLDatabase
import Synchronization
import TestPrograms
import TestSupport
import Testing

@testable import Registry

/// The tags that caches were told to drop.
private final class Touched: Sendable {
    private let tags = Mutex<Set<String>>([])

    init(_ index: PackageIndex) {
        index.caches.add { change in
            guard case .tags(let tags) = change else { return }
            self.tags.withLock { $0.formUnion(tags.map(\.description)) }
        }
    }

    var names: Set<String> { tags.withLock { $0 } }
}

/// The last sentence of index §2.7: descriptions are kept as the current renderer makes them.
@Suite struct `Rendering descriptions anew` {
    private static let current = "readme_renderer 46.0"

    private static func python() async throws -> String {
        try await PythonEnvironment.interpreter("readme", requirements: "Tests/ReadmeTests/requirements.txt")
    }

    /// An index with one release for each name, described as `*Name*`.
    private func withReleases(_ names: [String], python: String, _ body: (TestIndex) async throws -> Void) async throws {
        try await TestIndex.run(python: python) { test in
            try await test.user()
            let token = try await test.token()
            for name in names {
                try await test.publish(UploadBuilder.wheel(name, "1.0").with("description", "*\(name)*\n"), token: token)
            }
            try await test.runJobs()
            try await body(test)
        }
    }

    private func set(_ column: SQL, _ value: String?, of project: String, _ test: TestIndex) async throws {
        try await test.db.write { tx in
            try tx.execute(
                """
                UPDATE release_descriptions SET \(column) = \(value) WHERE release_id =
                    (SELECT releases.id FROM releases JOIN projects ON projects.id = project_id WHERE normalized_name = \(project))
                """
            )
        }
    }

    private func shown(_ test: TestIndex) async throws -> [String: [String?]] {
        let rows = try await test.db.query(
            """
            SELECT normalized_name, html, rendered_by FROM release_descriptions JOIN releases ON releases.id = release_id
            JOIN projects ON projects.id = project_id
            """
        )
        var shown: [String: [String?]] = [:]
        for row in rows { shown[try row["normalized_name"]] = [try row["html"], try row["rendered_by"]] }
        return shown
    }

    private func render(_ test: TestIndex) async throws {
        try await test.db.write { try $0.jobs.enqueue(RenderDescriptions(), now: test.clock.clock.now()) }
        try await test.runJobs()
    }

    @Test func `those of an older or a newer renderer, or of none, are rendered, and only the pages that change are stale`() async throws {
        try await withReleases(["older", "newer", "none", "same", "current", "broken"], python: try await Self.python()) { test in
            try await set("html", "<p>old</p>", of: "older", test)
            try await set("rendered_by", "readme_renderer 1.0", of: "older", test)
            try await set("html", "<p>new</p>", of: "newer", test)
            try await set("rendered_by", "readme_renderer 99.0", of: "newer", test)
            try await set("html", "<pre>*none*</pre>", of: "none", test)
            try await set("rendered_by", nil, of: "none", test)
            try await set("rendered_by", "readme_renderer 1.0", of: "same", test)
            try await set("html", "<p>by hand</p>", of: "current", test)
            try await set("raw", "A <long> title\n====\n", of: "broken", test)
            try await set("rendered_by", nil, of: "broken", test)

            let touched = Touched(test.index)
            try await render(test)
            let shown = try await shown(test)
            for name in ["older", "newer", "none", "same"] { #expect(shown[name] == ["<p><em>\(name)</em></p>\n", Self.current]) }
            #expect(shown["current"] == ["<p>by hand</p>", Self.current])
            #expect(shown["broken"] == ["<pre>A &lt;long&gt; title\n====\n</pre>", Self.current])
            #expect(touched.names == ["project/older", "project/newer", "project/none", "project/broken"])
            #expect(try await test.db.read { try $0.descriptions.stale(unlike: Self.current, limit: 500) } == [])
        }
    }

    @Test func `without a renderer everything stays as it is`() async throws {
        try await withReleases(["demo"], python: "/no/interpreter") { test in
            let before = try await shown(test)
            #expect(before["demo"] == ["<pre>*demo*\n</pre>", nil])
            try await render(test)
            #expect(try await shown(test) == before)
        }
    }

    @Test func `so many are looked for at a time, and by index`() async throws {
        try await withReleases(["a", "b", "c", "d"], python: "/no/interpreter") { test in
            try await set("rendered_by", "readme_renderer 1.0", of: "a", test)
            try await set("rendered_by", Self.current, of: "b", test)
            try await set("rendered_by", "readme_renderer 99.0", of: "c", test)
            var ids: [String: Int64] = [:]
            for row in try await test.db.query("SELECT normalized_name, releases.id FROM releases JOIN projects ON projects.id = project_id") {
                ids[try row["normalized_name"]] = try row["id"]
            }
            let found = try await test.db.read { tx in try [1, 2, 3, 9].map { try tx.descriptions.stale(unlike: Self.current, limit: $0) } }
            #expect(found == [["d"], ["d", "a"], ["d", "a", "c"], ["d", "a", "c"]].map { names in names.compactMap { ids[$0] } })
            for query in Descriptions.staleQueries(Self.current, limit: 500) {
                let plan = try await test.db.write { tx in
                    if tx.dialect == .postgres { try tx.execute("SET LOCAL enable_seqscan = off") }
                    return try tx.execute("EXPLAIN \(sqlite: "QUERY PLAN", postgres: "") " + query).map {
                        try $0[tx.dialect == .sqlite ? "detail" : "QUERY PLAN", as: String.self]
                    }.joined(separator: "\n")
                }
                #expect(plan.contains("release_descriptions_renderer") && !plan.contains("SCAN"), "\(plan)")
            }
        }
    }
}
