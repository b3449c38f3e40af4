import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// What a page costs is decided by its query's plan: the queries that every install runs find their rows by an index.
@Suite struct QueryPlanTests {
    /// The plan as the engine tells it.
    private func plan(of query: SQL, _ test: TestIndex) async throws -> String {
        switch test.db.dialect {
        case .sqlite: try await test.db.query("EXPLAIN QUERY PLAN \(query)").map { try $0["detail", as: String.self] }.joined(separator: "\n")
        case .postgres:
            // On an empty table a scan is the right plan; the question is whether there is another.
            try await test.db.write { tx in
                try tx.execute("SET LOCAL enable_seqscan = off")
                return try tx.execute("EXPLAIN \(query)").map { try $0["QUERY PLAN", as: String.self] }
            }.joined(separator: "\n")
        }
    }

    @Test func `a project's page finds its files by index and reads no table from end to end`() async throws {
        try await TestIndex.run { test in
            let plan = try await plan(of: SimpleListing.project(.init(normalizing: "demo")), test)
            #expect(plan.contains("files_project"), "\(plan)")
            #expect(!plan.contains("SCAN") && !plan.contains("Seq Scan"), "\(plan)")
        }
    }
}
