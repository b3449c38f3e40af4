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
}
