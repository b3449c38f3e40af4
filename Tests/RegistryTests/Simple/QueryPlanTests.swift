import Distributions
import Foundation
import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// What a page costs is decided by its query's plan: on an index with some thousand rows, after ANALYZE, the queries that every install runs find their
/// rows by an index and read no large table from end to end.
@Suite struct QueryPlanTests {
    /// Statements as they are sent, so that a query can not be changed without its plan.
    private final class Recorder: Connection {
        private let connection: any Connection
        var plans: [String] = []

        init(_ connection: any Connection) { self.connection = connection }

        var dialect: Dialect { connection.dialect }

        func execute(_ sql: SQL) throws -> [Row] {
            plans.append(try QueryPlanTests.plan(of: sql, connection))
            return try connection.execute(sql)
        }

        func notify(_ channel: String, _ payload: String) throws { try connection.notify(channel, payload) }
    }

    private static func plan(of query: SQL, _ tx: any Connection) throws -> String {
        let rows = try tx.execute(tx.dialect == .sqlite ? "EXPLAIN QUERY PLAN \(query)" : "EXPLAIN \(query)")
        return try rows.map { try $0[tx.dialect == .sqlite ? "detail" : "QUERY PLAN", as: String.self] }.joined(separator: "\n")
    }

    /// The plans of the statements that `body` runs, on an index of 1,500 projects with 6,000 files.
    private func plans(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws -> [String] {
        let plans = Plans()
        try await TestIndex.run { test in
            let owner = try await test.user()
            let names = (0..<1500).map { "project-\($0)" }
            try await test.index.insertInBulk(names.map { try Self.project($0, files: 4) }, owner: owner)
            for _ in 0..<3 { _ = try await test.token() }
            let now = test.clock.clock.now()
            try await test.db.write { tx in
                let tokens = (0..<2000).map { ["token-\($0)".sqlValue, owner.id.sqlValue, "\($0)".sqlValue, [UInt8]().sqlValue, now.sqlValue] }
                try tx.execute("UPDATE api_tokens SET caveats = '[]'")
                try tx.insertRows(
                    "INSERT INTO api_tokens (id, user_id, description, sealed_key, created_at, caveats, origin) VALUES",
                    tokens.map { $0 + ["[]".sqlValue, "operator".sqlValue] }
                )
                let users = (0..<2000).map { ["uuid-\($0)".sqlValue, "user-\($0)".sqlValue, "user-\($0)".sqlValue, "".sqlValue, now.sqlValue] }
                try tx.insertRows("INSERT INTO users (uuid, username, folded_username, name, created_at) VALUES", users)
                try tx.insertRows(
                    "INSERT INTO touched_tags (number, tags, process, touched_at) VALUES",
                    (1000..<4000).map { [Int64($0).sqlValue, "all-projects".sqlValue, "process".sqlValue, now.sqlValue] }
                )
                let releases = try tx.execute("SELECT id FROM releases").map { try $0[at: 0, as: Int64.self] }
                try tx.insertRows(
                    "INSERT INTO release_classifiers (release_id, position, classifier) VALUES",
                    releases.map { [$0.sqlValue, Int64(0).sqlValue, ($0 % 100 == 0 ? "Typing :: Typed" : "Topic :: \($0 % 50)").sqlValue] }
                )
                try tx.execute(
                    """
                    INSERT INTO vulnerabilities (source, identifier, aliases, fixed_in, recorded_at)
                    SELECT 'osv', 'ID-' || id, '[]', '[]', 0 FROM releases
                    """
                )
                try tx.execute(
                    """
                    INSERT INTO release_vulnerabilities (release_id, vulnerability_id)
                    SELECT r.id, v.id FROM releases r JOIN vulnerabilities v ON v.identifier = 'ID-' || r.id
                    """
                )
                try tx.execute("ANALYZE")
            }
            plans.found = try await test.db.write { tx in
                let recorder = Recorder(tx)
                try body(recorder)
                return recorder.plans
            }
            try await test.db.write { _ = try $0.execute("DELETE FROM files") }
        }
        return plans.found
    }

    private final class Plans {
        var found: [String] = []
    }

    private static func project(_ name: String, files: Int) throws -> BulkProject {
        let releases = try (0..<files).map { number in
            let filename = "\(name.replacing("-", with: "_"))-\(number).0-py3-none-any.whl"
            let file = BulkProject.File(
                filename: filename,
                digests: .init(of: Array(filename.utf8)),
                metadata: .init(of: Array("metadata of \(filename)".utf8)),
                pythonVersion: "py3"
            )
            return BulkProject.Release(version: try Version("\(number).0"), isYanked: false, files: [file])
        }
        return BulkProject(name: try ProjectName(name), uuid: "uuid of \(name)", summary: "", requiresPython: ">=3.8", releases: releases)
    }

    /// - Parameters:
    ///   - index: as each engine names it in its plans.
    ///   - mayScan: a table that the query lists from one end to the other.
    private func check(
        _ plans: [String],
        usesIndex sqlite: String,
        _ postgres: String,
        mayScan: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(plans.count == 1, sourceLocation: sourceLocation)
        let plan = plans.joined(separator: "\n")
        #expect(plan.contains(TestEngine.current == .sqlite ? sqlite : postgres), "\(plan)", sourceLocation: sourceLocation)
        if !mayScan {
            // Tables of one row, like `counters`, are never in these.
            #expect(!plan.contains("SCAN ") && !plan.contains("Seq Scan"), "\(plan)", sourceLocation: sourceLocation)
        }
    }

    @Test func `a project's page finds its files by index and reads no table from end to end`() async throws {
        let plans = try await plans { try $0.execute(SimpleListing.project(.init(normalizing: "project-700"))) }
        check(plans, usesIndex: "files_project", "files_project")
    }

    @Test func `a run of the list of projects is read in the order of its index, without sorting`() async throws {
        let plans = try await plans { try $0.execute(SimpleListing.projects(from: "project-50", to: "project-51", limit: 100)) }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_projects", "projects_normalized_name_key")
        #expect(plans.first?.contains("TEMP B-TREE") == false && plans.first?.contains("Sort") == false, "\(plans)")
    }

    @Test func `a project is found by its name's index`() async throws {
        let plans = try await plans { _ = try $0.projects.find(NormalizedName(normalizing: "project-700")) }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_projects", "projects_normalized_name_key")
    }

    @Test func `a token and its user are found by their keys`() async throws {
        let plans = try await plans { _ = try APITokens(connection: $0).find(id: "token-700") }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_api_tokens", "api_tokens_pkey")
    }

    @Test func `a file is found by its name's index`() async throws {
        let plans = try await plans { _ = try $0.files.find(filename: "project_700-1.0-py3-none-any.whl") }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_files", "files_filename_key")
    }

    @Test func `a user is found by name`() async throws {
        let plans = try await plans { _ = try $0.users.find("user-700") }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_users", "users_folded_username_key")
    }

    @Test func `the newest serial is one row of the counters`() async throws {
        // A handful of counters: PostgreSQL reads them all, which is the shortest way.
        let plans = try await plans { _ = try $0.journal.lastSerial() }
        check(plans, usesIndex: "sqlite_autoindex_counters", "counters", mayScan: TestEngine.current == .postgres)
        #expect(!plans[0].contains("journal"), "\(plans[0])")
    }

    @Test func `what others touched is read from its end`() async throws {
        let plans = try await plans { _ = try $0.touchedTags.entries(after: 3990, limit: 10) }
        check(plans, usesIndex: "sqlite_autoindex_touched_tags", "touched_tags_pkey")
    }

    // MARK: Mirrors

    @Test func `what changed lately is read by the key of the journal`() async throws {
        let plans = try await plans { _ = try $0.journal.lines(after: 14_990, limit: 50_000) }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_journal", "journal_pkey")
        #expect(!plans[0].contains("TEMP B-TREE") && !plans[0].contains("Sort"), "\(plans)")
    }

    @Test func `projects and their serials are read in runs, without sorting`() async throws {
        let plans = try await plans { try $0.execute(ProjectSerials.behind("project-50", limit: 100)) }
        check(plans, usesIndex: "USING INDEX sqlite_autoindex_projects", "projects_normalized_name_key")
        #expect(!plans[0].contains("TEMP B-TREE") && !plans[0].contains("Sort"), "\(plans)")
    }

    @Test func `releases are found by their classifiers' index`() async throws {
        let plans = try await plans { tx in try tx.execute(Releases.having(["Typing :: Typed", "Framework :: None"], limit: 100)) }
        // The engines may read projects from one end to the other, where so many are found; never what all releases say of themselves.
        check(plans, usesIndex: "release_classifiers_classifier", "release_classifiers_classifier", mayScan: true)
        #expect(!plans[0].contains("SCAN release_classifiers") && !plans[0].contains("Seq Scan on release_classifiers"), "\(plans)")
    }

    @Test func `who has a role on a project is found by the project's name`() async throws {
        let plans = try await plans { _ = try $0.roles.holders(of: .init(normalizing: "project-700")) }
        check(plans, usesIndex: "INDEX sqlite_autoindex_projects", "projects_normalized_name_key")
    }

    @Test func `the projects of a user are found by the user's name`() async throws {
        let plans = try await plans { _ = try $0.roles.projects(of: "user-700") }
        // One owns them all here: their projects are all there are.
        check(plans, usesIndex: "INDEX sqlite_autoindex_users", "users_folded_username_key", mayScan: true)
    }

    @Test func `what is known of a release is found by its key`() async throws {
        let plans = try await plans { _ = try $0.vulnerabilities.list(releaseID: 700) }
        check(plans, usesIndex: "INDEX sqlite_autoindex_release_vulnerabilities", "release_vulnerabilities_pkey")
    }
}
