import Backends
import Packaging
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// What search says of the projects that are in the tables.
@Suite struct SearchDocumentsTests {
    private struct ReleaseRow: Sendable {
        var version: String
        var isPrerelease = false
        var isYanked = false
        var hasFile = true
        var createdAt: Int64 = 1_000_000
        var classifiers: [String] = []
    }

    private static func insert(_ name: String, status: String? = nil, _ releases: [ReleaseRow], into database: any Database) async throws {
        try await database.write { tx in
            let normalized = NormalizedName(normalizing: name).value
            let project: Int64 = try tx.execute(
                """
                INSERT INTO projects (uuid, name, normalized_name, ultranormalized_name, lifecycle_status, created_at)
                VALUES (\(normalized), \(name), \(normalized), \(normalized), \(status), 0) RETURNING id
                """
            )[0]["id"]
            for release in releases {
                let version = try Version(release.version)
                let key = "\(normalized)-\(release.version)"
                let id: Int64 = try tx.execute(
                    """
                    INSERT INTO releases (project_id, version, canonical_version, version_key, is_prerelease, yanked, summary, license, license_files, author,
                        author_email, keywords, provides_extra, dynamic, created_at)
                    VALUES (\(project), \(release.version), \(version.canonical), \(version.sortKey), \(release.isPrerelease), \(release.isYanked),
                        \("Summary of \(release.version)"), 'MIT', '[]', 'Ann', 'ann@example.org', '["one","two"]', '[]', '[]', \(release.createdAt))
                    RETURNING id
                    """
                )[0]["id"]
                if release.hasFile {
                    try tx.execute(
                        """
                        INSERT INTO files (project_id, release_id, filename, packagetype, python_version, size, md5, sha256, blake2_256, path, uploaded_at)
                        VALUES (\(project), \(id), \(key), 'sdist', 'source', 1, \(key), \(key), \(key), \(key), 0)
                        """
                    )
                }
                try tx.execute("INSERT INTO release_descriptions (release_id, raw) VALUES (\(id), \("About \(release.version)"))")
                for (position, classifier) in release.classifiers.enumerated() {
                    try tx.execute(
                        "INSERT INTO release_classifiers (release_id, position, classifier) VALUES (\(id), \(position), \(classifier))"
                    )
                }
            }
        }
    }

    private static func version(_ name: String, _ database: any Database) async throws -> String? {
        try await database.read { try $0.searchDocuments.find(NormalizedName(normalizing: name))?.version }
    }

    @Test(arguments: TestEngine.engines)
    func `a project is found by its newest final release that has files and is not yanked`(engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: AllMigrations.list) { database in
            try await Self.insert(
                "Some.Thing",
                [
                    ReleaseRow(version: "9.0"), ReleaseRow(version: "10.0", createdAt: 77, classifiers: ["B :: C", "A"]),
                    ReleaseRow(version: "11.0a1", isPrerelease: true), ReleaseRow(version: "12.0", isYanked: true),
                    ReleaseRow(version: "13.0", hasFile: false),
                ],
                into: database
            )
            let document = try #require(try await database.read { try $0.searchDocuments.find(NormalizedName(normalizing: "some_THING")) })
            let expected = SearchDocument(
                id: "some-thing",
                name: "Some.Thing",
                version: "10.0",
                summary: "Summary of 10.0",
                description: "About 10.0",
                keywords: ["one", "two"],
                author: "Ann",
                authorEmail: "ann@example.org",
                license: "MIT",
                classifiers: ["B :: C", "A"],
                createdAt: 77
            )
            #expect(document == expected)
        }
    }

    @Test(arguments: TestEngine.engines)
    func `pre-releases are better than nothing, and what nobody may install is not`(engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: AllMigrations.list) { database in
            try await Self.insert(
                "pre",
                [ReleaseRow(version: "1.0a1", isPrerelease: true), ReleaseRow(version: "1.0a2", isPrerelease: true)],
                into: database
            )
            try await Self.insert("yanked", [ReleaseRow(version: "1.0", isYanked: true)], into: database)
            try await Self.insert("empty", [ReleaseRow(version: "1.0", hasFile: false)], into: database)
            try await Self.insert("none", [], into: database)
            for status in ["archived", "archived-noindex", "quarantine-enter", "quarantine-exit"] {
                try await Self.insert("is-\(status)", status: status, [ReleaseRow(version: "1.0")], into: database)
            }
            #expect(try await Self.version("pre", database) == "1.0a2")
            for name in ["yanked", "empty", "none", "is-archived-noindex", "is-quarantine-enter", "never-was"] {
                #expect(try await Self.version(name, database) == nil, "\(name)")
            }
            #expect(try await Self.version("is-archived", database) == "1.0")
            #expect(try await Self.version("is-quarantine-exit", database) == "1.0")
        }
    }

    /// What an engine was told.
    private final class RecordingEngine: SearchEngine {
        struct State {
            var updated: [SearchDocument] = []
            var removed: [String] = []
            var rebuilt: [[SearchDocument]] = []
        }
        let state = Mutex(State())

        func search(_ query: SearchQuery) async throws(SearchUnavailable) -> SearchResults { SearchResults(hits: [], found: 0) }
        func complete(_ prefix: String, limit: Int) async throws(SearchUnavailable) -> [String] { [] }
        func update(_ documents: [SearchDocument], removing removed: [String]) async throws(SearchUnavailable) {
            state.withLock { state in
                state.updated += documents
                state.removed += removed
            }
        }
        func rebuild(_ documents: some AsyncSequence<[SearchDocument], any Error> & Sendable) async throws {
            for try await some in documents { state.withLock { $0.rebuilt.append(some) } }
        }
    }

    @Test(arguments: TestEngine.engines)
    func `a project is reindexed under its normalized name, and taken out when nothing of it can be installed`(engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: AllMigrations.list) { database in
            let search = RecordingEngine()
            try await Self.insert("Camel_Case", [ReleaseRow(version: "1.0")], into: database)
            try await Self.insert("gone", [ReleaseRow(version: "1.0", isYanked: true)], into: database)
            for name in ["camel-case", "gone", "never-was"] { try await search.reindex(NormalizedName(normalizing: name), from: database) }
            #expect(search.state.withLock { $0.updated.map(\.name) } == ["Camel_Case"])
            #expect(search.state.withLock { $0.removed } == ["gone", "never-was"])
        }
    }

    @Test(arguments: TestEngine.engines)
    func `a rebuild is given every project once`(engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: AllMigrations.list) { database in
            let search = RecordingEngine()
            for number in 0..<205 { try await Self.insert("p\(number)", [ReleaseRow(version: "1.0", isYanked: number == 7)], into: database) }
            try await search.rebuild(from: database)
            let batches = search.state.withLock { $0.rebuilt }
            #expect(batches.count > 1)
            #expect(Set(batches.joined().map(\.id)) == Set((0..<205).filter { $0 != 7 }.map { "p\($0)" }))
            #expect(batches.joined().count == 204)
        }
    }

    @Test(arguments: TestEngine.engines)
    func `no big table is read whole for one project`(engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: AllMigrations.list) { database in
            // Every step of the plan uses an index: the statement is asked for by one name.
            let explain: SQL = "\(sqlite: "EXPLAIN QUERY PLAN ", postgres: "EXPLAIN ")"
            if database.dialect == .postgres { return }
            let plan = try await database.read { tx in
                try tx.execute(explain + SearchDocuments.query("p.normalized_name = \("x")", limit: 1)).map { try $0["detail", as: String.self] }
            }
            #expect(!plan.isEmpty)
            #expect(plan.filter { $0.hasPrefix("SCAN") && !$0.contains("USING") } == [])
        }
    }
}
