import Backends
import Packaging
import SQLDatabase

extension SearchTables {
    /// What is there under a name.
    struct Entry: Sendable {
        let number: Int64
        let fingerprint: Int64
        let compactName: String
        let createdAt: Int64
        /// Microseconds since 1970.
        let indexedAt: Int64
    }

    /// One writer at a time: two would take the same numbers. Those who search do not wait.
    func lock() throws {
        if connection.dialect == .postgres { try connection.execute("SELECT pg_advisory_xact_lock(7239411930)") }
    }

    func entries(_ names: [String]) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for start in stride(from: 0, to: names.count, by: 500) {
            let rows = try connection.execute(
                """
                SELECT normalized_name, number, fingerprint, compact_name, created_at, indexed_at FROM search_documents
                WHERE normalized_name IN (\(list: names[start..<min(start + 500, names.count)]))
                """
            )
            for row in rows {
                entries[try row[at: 0]] = Entry(
                    number: try row[at: 1],
                    fingerprint: try row[at: 2],
                    compactName: try row[at: 3],
                    createdAt: try row[at: 4],
                    indexedAt: try row[at: 5]
                )
            }
        }
        return entries
    }

    /// Puts a document in the place of what is there. One that is the same already costs nothing.
    func put(_ document: SearchDocument, replacing entry: Entry?, now: Int64) throws {
        let fingerprint = Self.fingerprint(of: document)
        if let entry {
            if entry.fingerprint == fingerprint { return }
            try delete(entry)
        }
        // Numbers are in the order of time: one that is as old as before keeps its own.
        let kept = entry.flatMap { $0.createdAt == document.createdAt ? $0.number : nil }
        let number = try kept ?? freeNumber(for: document.id, createdAt: document.createdAt)
        let text = SearchText(document)
        let compact = Self.compact(document.id)
        try connection.execute(
            """
            INSERT INTO search_documents (number, normalized_name, compact_name, name_length, name, version, summary, classifiers, terms, created_at,
                fingerprint, indexed_at)
            VALUES (\(number), \(document.id), \(compact), \(document.id.utf8.count), \(Self.stored(document.name)), \(Self.stored(document.version)),
                \(Self.stored(document.summary)), \(Self.stored(document.classifiers.joined(separator: "\n"))), \(text.terms), \(document.createdAt),
                \(fingerprint), \(now))
            """
        )
        switch connection.dialect {
        case .sqlite:
            try connection.execute("INSERT INTO search_core (rowid, core) VALUES (\(number), \(text.coreText))")
            try connection.execute("INSERT INTO search_words (rowid, everything) VALUES (\(number), \(text.everythingText))")
        case .postgres:
            try connection.execute(
                """
                INSERT INTO search_words (number, core, everything)
                VALUES (\(number), CAST(\(text.coreVector) AS tsvector), CAST(\(text.everythingVector) AS tsvector))
                """
            )
        }
        let spellings = Misspellings.spellings(of: compact)
        try connection.insertRows("INSERT INTO search_misspellings (spelling, number) VALUES", spellings.map { [$0.sqlValue, number.sqlValue] })
    }

    func delete(_ entry: Entry) throws {
        let number = entry.number
        try connection.execute("DELETE FROM search_documents WHERE number = \(number)")
        try connection.execute("DELETE FROM search_words WHERE \(sqlite: "rowid", postgres: "number") = \(number)")
        if connection.dialect == .sqlite { try connection.execute("DELETE FROM search_core WHERE rowid = \(number)") }
        let spellings = Misspellings.spellings(of: entry.compactName)
        try connection.execute("DELETE FROM search_misspellings WHERE spelling IN (\(list: spellings)) AND number = \(number)")
    }

    /// The names behind `name`, in order, of what was put here before a moment.
    func names(after name: String, indexedBefore moment: Int64, limit: Int) throws -> (names: [String], last: String?) {
        let rows = try connection.execute(
            "SELECT normalized_name, indexed_at FROM search_documents WHERE normalized_name > \(name) ORDER BY normalized_name LIMIT \(limit)"
        )
        let old = try rows.filter { try $0[at: 1, as: Int64.self] < moment }
        return (try old.map { try $0[at: 0] }, try rows.last?[at: 0])
    }

    // MARK: Numbers

    /// A number that nobody has, greater than those of older versions: reading a list of numbers from its end is reading the newest documents first.
    ///
    /// It is made of the second the version came to be in, and there is room for a thousand in each; when it is full, the next one is taken.
    private func freeNumber(for name: String, createdAt: Int64) throws -> Int64 {
        let places: UInt64 = 1024
        var second = max(0, createdAt / 1_000_000)
        while true {
            for attempt in 0..<8 {
                let number = second * Int64(places) + Int64(StableHash.of("\(attempt) \(name)") % places)
                if try connection.execute("SELECT 1 FROM search_documents WHERE number = \(number)").isEmpty { return number }
            }
            second += 1
        }
    }

    static func compact(_ normalizedName: String) -> String { String(normalizedName.filter { $0 != "-" }) }

    /// Text without what neither engine can hold.
    private static func stored(_ text: String) -> String { text.utf8.contains(0) ? text.replacing("\0", with: "") : text }

    private static func fingerprint(of document: SearchDocument) -> Int64 {
        let fields = [
            document.id, document.name, document.version, document.summary, String(document.description.prefix(SearchText.descriptionLimit)),
            document.keywords.joined(separator: "\u{1}"), document.author, document.authorEmail, document.maintainer, document.maintainerEmail,
            document.license, document.homePage, document.downloadURL, document.platform, document.classifiers.joined(separator: "\u{1}"),
            String(document.createdAt),
        ]
        return Int64(bitPattern: StableHash.of(fields.joined(separator: "\u{2}")))
    }
}
