// Search by the database that everything else is in.

package import Backends
package import SQLDatabase

/// Finds projects with SQLite's FTS5 or PostgreSQL's `tsvector` (`docs/decisions/0016`).
///
/// In this order: the project of that name; names that begin with it; names that are it but for a letter or two, when there is none of that name and hardly a document has
/// such words; then what has
/// all the words, by weight. The database finds, ``SearchRanking`` decides, and every step reads a bounded number of rows.
package struct SQLSearch: SearchEngine {
    /// How many names that begin with what was typed, and how many that are almost it, come before everything else.
    private static let nameLimit = 5
    /// How many documents of each scope are weighed. Beyond them the newest comes first.
    private static let weighed = 200
    private static let batch = 100

    private let database: any Database
    private let now: @Sendable () -> Int64
    private let common = CommonMatches()

    /// - Parameters:
    ///   - database: with the tables of ``M0022_Search``.
    ///   - now: microseconds since 1970.
    package init(_ database: any Database, now: @escaping @Sendable () -> Int64) {
        self.database = database
        self.now = now
    }

    // MARK: Searching

    package func search(_ query: SearchQuery) async throws(SearchUnavailable) -> SearchResults {
        let (common, now) = (common, now())
        return try await attempt { try await database.read { try Self.search(query, $0.searchTables, common, now: now) } }
    }

    private static func search(_ query: SearchQuery, _ tables: SearchTables, _ common: CommonMatches, now: Int64) throws -> SearchResults {
        let match = SearchMatch(query)
        let names = try NameMatches(query, tables, limit: nameLimit) {
            try tables.prepare()
            return try common.count(match, now: now) { try tables.count(match, limit: SearchQuery.window + 1) }
        }
        let count = names.count
        let isWhole = count <= weighed
        let end = query.page * SearchQuery.pageSize
        var loaded = Dictionary(names.all.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        var order: [Int64]
        var found = count
        // Without words there is nothing to weigh.
        if query.order == .relevance, !query.words.isEmpty {
            order = names.first.map(\.number)
            var seen = Set(order)
            order += try weigh(query, match, tables, count: count).filter { seen.insert($0).inserted }
            order += names.later.map(\.number).filter { seen.insert($0).inserted }
            if isWhole {
                found = order.count
            } else {
                found += names.all.count - (try tables.matching(names.all.map(\.number), match)).count
                if order.count < min(end, found) {
                    order += try tables.numbers(match, order: .any, limit: end + order.count).filter { seen.insert($0).inserted }
                }
            }
        } else {
            let others = Set(names.all.map(\.number)).subtracting(try tables.matching(names.all.map(\.number), match))
            found += others.count
            order = (try tables.numbers(match, order: .newest(isCommon: count > SearchQuery.window), limit: end) + others).sorted(by: >)
        }
        let page = order.dropFirst(end - SearchQuery.pageSize).prefix(SearchQuery.pageSize)
        loaded.merge(try tables.documents(page.filter { loaded[$0] == nil })) { first, _ in first }
        let hits = page.compactMap { loaded[$0] }.map {
            SearchHit(name: $0.name, version: $0.version, summary: $0.summary, createdAt: $0.createdAt, for: query)
        }
        return SearchResults(hits: hits, found: found, suggestion: names.suggestion)
    }

    /// What has all the words, the best first: of the names with them, of the summaries, of everything.
    private static func weigh(_ query: SearchQuery, _ match: SearchMatch, _ tables: SearchTables, count: Int) throws -> [Int64] {
        guard count > 0 else { return [] }
        let ranking = SearchRanking(query)
        var scores: [Int64: Double] = [:]
        // When all are few, they are all weighed, and there is nothing to choose among.
        for scope in count <= weighed ? [.everything] : SearchMatch.Scope.allCases {
            let candidates = try tables.candidates(match, scope, limit: weighed)
            for candidate in candidates { scores[candidate.number] = ranking.score(candidate) }
            // What has the words only in a lesser place comes behind all of these.
            if candidates.count == weighed { break }
        }
        return scores.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.map(\.key)
    }

    package func complete(_ prefix: String, limit: Int) async throws(SearchUnavailable) -> [String] {
        let form = SearchWord.words(of: prefix.prefix(SearchQuery.textLimit)).map(\.folded).joined(separator: "-")
        guard !form.isEmpty, limit > 0 else { return [] }
        return try await attempt { try await database.read { try $0.searchTables.beginning(with: form, limit: min(limit, 50)).map(\.name) } }
    }

    // MARK: Changing

    package func update(_ documents: [SearchDocument], removing removed: [String]) async throws(SearchUnavailable) {
        let now = now()
        try await attempt {
            for start in stride(from: 0, to: documents.count, by: Self.batch) {
                let some = documents[start..<min(start + Self.batch, documents.count)]
                try await database.write { tx in
                    let tables = tx.searchTables
                    try tables.lock()
                    var entries = try tables.entries(some.map(\.id))
                    // One given twice: the last one counts.
                    for document in Dictionary(some.map { ($0.id, $0) }, uniquingKeysWith: { $1 }).values {
                        try tables.put(document, replacing: entries.removeValue(forKey: document.id), now: now)
                    }
                }
            }
            for start in stride(from: 0, to: removed.count, by: Self.batch) {
                let some = Array(removed[start..<min(start + Self.batch, removed.count)])
                try await database.write { tx in
                    try tx.searchTables.lock()
                    for entry in try tx.searchTables.entries(some).values { try tx.searchTables.delete(entry) }
                }
            }
        }
    }

    /// In many short transactions, in place: only what has changed is written, and whoever publishes meanwhile does not wait. What ``update(_:removing:)`` puts
    /// here while this runs is newer than what it is told, and stays.
    package func rebuild(_ documents: some AsyncSequence<[SearchDocument], any Error> & Sendable) async throws {
        let begun = now()
        // Eight bytes for each name: the names themselves would be a hundred megabytes.
        var seen: Set<UInt64> = []
        for try await some in documents {
            for start in stride(from: 0, to: some.count, by: Self.batch) {
                let part = some[start..<min(start + Self.batch, some.count)]
                for document in part { seen.insert(StableHash.of(document.id)) }
                try await attempt {
                    try await database.write { tx in
                        let tables = tx.searchTables
                        try tables.lock()
                        let entries = try tables.entries(part.map(\.id))
                        for document in part {
                            let entry = entries[document.id]
                            if let entry, entry.indexedAt > begun { continue }
                            try tables.put(document, replacing: entry, now: begun)
                        }
                    }
                }
            }
        }
        try await removeUnseen(seen, indexedBefore: begun)
    }

    private func removeUnseen(_ seen: Set<UInt64>, indexedBefore moment: Int64) async throws(SearchUnavailable) {
        var last = ""
        while true {
            let name = last
            let (names, next) = try await attempt {
                try await database.read { try $0.searchTables.names(after: name, indexedBefore: moment, limit: 1000) }
            }
            try await update([], removing: names.filter { !seen.contains(StableHash.of($0)) })
            guard let next else { return }
            last = next
        }
    }

    private func attempt<Result>(_ body: () async throws -> Result) async throws(SearchUnavailable) -> Result {
        do {
            return try await body()
        } catch let error as SearchUnavailable {
            throw error
        } catch {
            throw SearchUnavailable("The database can not search: \(error)")
        }
    }
}
