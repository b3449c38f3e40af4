import Backends
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// Search by the database, the same on both engines.
@Suite struct SQLSearchTests {
    /// A database with nothing else in it.
    private static func withSearch(_ engine: TestEngine, _ body: (SQLSearch, any Database) async throws -> Void) async throws {
        try await engine.withDatabase(migrations: [M0021_Search.migration]) { database in
            try await body(SQLSearch(database, now: { 1_000_000 }), database)
        }
    }

    private static func load(_ documents: [SearchDocument], into search: SQLSearch) async throws {
        try await search.update(documents, removing: [])
    }

    @Test(arguments: TestEngine.engines)
    func `people find what they look for`(engine: TestEngine) async throws {
        try await Self.withSearch(engine) { search, _ in
            try await Self.load(SearchCorpus.documents, into: search)
            var complaints: [String] = []
            for question in SearchQuestion.all { complaints += try await question.complaints(about: search) }
            #expect(complaints == [])
        }
    }
}
