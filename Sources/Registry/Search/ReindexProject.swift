package import Backends
package import Packaging
package import SQLDatabase

extension SearchEngine {
    /// Makes a project be found by what it is now; not at all, when it is gone or has nothing to be installed. Doing it again does no harm.
    ///
    /// - Parameter name: in the one spelling that all have: the reference's own job looks for the displayed one and misses most (platform §13).
    /// - Throws: ``SearchUnavailable``, and what the database throws.
    package func reindex(_ name: NormalizedName, from database: any Database) async throws {
        var document = try await database.read { try $0.searchDocuments.find(name) }
        while true {
            let written = document
            try await update(written.map { [$0] } ?? [], removing: written == nil ? [name.value] : [])
            // Somebody else may have written something newer before this, which is older: the last one to look leaves what is true.
            document = try await database.read { try $0.searchDocuments.find(name) }
            if document == written { return }
        }
    }

    /// Makes every project be found by what it is now.
    ///
    /// - Throws: ``SearchUnavailable``, and what the database throws; what was found before is found still.
    package func rebuild(from database: any Database) async throws {
        try await rebuild(ProjectsForSearch(database: database))
    }
}

/// The documents of all projects, read some at a time: no transaction is open between two of them.
private struct ProjectsForSearch: AsyncSequence, Sendable {
    private static let batch = 200

    let database: any Database

    struct AsyncIterator: AsyncIteratorProtocol {
        let database: any Database
        var last: Int64? = 0

        mutating func next() async throws -> [SearchDocument]? {
            guard let id = last else { return nil }
            let (documents, next) = try await database.read { try $0.searchDocuments.list(after: id, limit: batch) }
            last = next
            return documents.isEmpty ? nil : documents
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(database: database) }
}
