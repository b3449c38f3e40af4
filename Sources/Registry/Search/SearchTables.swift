import Backends
import Packaging
import SQLDatabase

/// Queries on what projects are found by.
struct SearchTables {
    let connection: any Connection

    private static let columns: SQL = """
        d.number, d.normalized_name, d.compact_name, d.name, d.version, d.summary, d.classifiers, d.created_at
        """

    // MARK: Finding

    /// Makes PostgreSQL plan for the words that are asked for, until the transaction ends: a plan that fits all words fits none. Reading a long list of words
    /// out of its row costs more than it thinks, and rows that are in no order have to come in the same one for each page.
    func prepare() throws {
        guard connection.dialect == .postgres else { return }
        try connection.execute(
            """
            SELECT set_config('plan_cache_mode', 'force_custom_plan', TRUE), set_config('enable_seqscan', 'off', TRUE), set_config('jit', 'off', TRUE),
                set_config('max_parallel_workers_per_gather', '0', TRUE), set_config('cpu_operator_cost', '0.1', TRUE)
            """
        )
    }

    /// How many documents match, counted up to `limit`.
    func count(_ match: SearchMatch, limit: Int) throws -> Int {
        let rows: SQL =
            match.isEmpty
            ? "SELECT 1 FROM search_documents LIMIT \(limit)"
            : "SELECT 1 FROM \(match.rows(.everything, connection.dialect)) LIMIT \(limit)"
        return try connection.execute("SELECT COUNT(*) AS count FROM (\(rows)) AS found")[0]["count"]
    }

    /// What numbers come first.
    enum Order: Sendable {
        /// PostgreSQL gives them as its heap has them, which is the same each time and about as old as the projects; SQLite reads the newest first anyway.
        case any
        /// - Parameter isCommon: whether more than a few in a hundred match: then the newest are read until there are enough, and else those that match are sorted.
        case newest(isCommon: Bool)
    }

    /// The numbers of what matches.
    func numbers(_ match: SearchMatch, order: Order, limit: Int) throws -> [Int64] {
        try connection.execute(numbers(match, .everything, order, limit: limit)).map { try $0[at: 0] }
    }

    /// What of documents that match is weighed.
    func candidates(_ match: SearchMatch, _ scope: SearchMatch.Scope, limit: Int) throws -> [SearchCandidate] {
        try connection.execute(
            """
            SELECT d.number, d.compact_name, d.terms FROM (\(numbers(match, scope, .any, limit: limit))) AS f JOIN search_documents AS d ON d.number = f.number
            """
        ).map { SearchCandidate(number: try $0[at: 0], compactName: try $0[at: 1], terms: try $0[at: 2]) }
    }

    private func numbers(_ match: SearchMatch, _ scope: SearchMatch.Scope, _ order: Order, limit: Int) -> SQL {
        if match.isEmpty { return "SELECT number FROM search_documents ORDER BY number DESC LIMIT \(limit)" }
        let rows = match.rows(scope, connection.dialect)
        switch (connection.dialect, order) {
        case (.sqlite, _): return "SELECT rowid AS number FROM \(rows) ORDER BY rowid DESC LIMIT \(limit)"
        case (.postgres, .any): return "SELECT number FROM \(rows) LIMIT \(limit)"
        case (.postgres, .newest(isCommon: true)) where limit <= Self.walked: return "SELECT number FROM \(rows) ORDER BY number DESC LIMIT \(limit)"
        // Not the order of an index: PostgreSQL would rather read all documents in order than sort a few.
        case (.postgres, .newest): return "SELECT number FROM \(rows) ORDER BY number + 0 DESC LIMIT \(limit)"
        }
    }

    /// How many of what is common are found by reading the newest.
    private static let walked = 200

    /// Which of these documents match.
    func matching(_ numbers: [Int64], _ match: SearchMatch) throws -> Set<Int64> {
        guard !numbers.isEmpty, !match.isEmpty else { return Set(numbers) }
        let number: SQL = "\(sqlite: "rowid", postgres: "number")"
        let rows = try connection.execute(
            "SELECT \(number) AS number FROM \(match.rows(.everything, connection.dialect)) AND \(number) IN (\(list: numbers))"
        )
        return Set(try rows.map { try $0[at: 0, as: Int64.self] })
    }

    func documents(_ numbers: some Collection<Int64>) throws -> [Int64: FoundDocument] {
        guard !numbers.isEmpty else { return [:] }
        let rows = try connection.execute("SELECT \(Self.columns) FROM search_documents AS d WHERE d.number IN (\(list: numbers))")
        return Dictionary(uniqueKeysWithValues: try rows.map(FoundDocument.init).map { ($0.number, $0) })
    }

    /// Those whose name is this without regard to separators.
    func named(compact: String) throws -> [FoundDocument] {
        try connection.execute(
            "SELECT \(Self.columns) FROM search_documents AS d WHERE d.compact_name = \(compact) ORDER BY d.normalized_name LIMIT 20"
        ).map(
            FoundDocument.init
        )
    }

    /// Those whose normalized name begins with `prefix`, the shortest first, up to some thirty letters longer. Every length is a range of one index by itself.
    func beginning(with prefix: String, limit: Int) throws -> [FoundDocument] {
        var found: [FoundDocument] = []
        let length = prefix.utf8.count
        // Few at first: there is nearly always a short one.
        for lengths in [0..<4, 4..<12, 12..<32] where found.count < limit {
            var ranges: [SQL] = []
            for extra in lengths {
                ranges.append(
                    """
                    SELECT * FROM (SELECT \(Self.columns) FROM search_documents AS d WHERE d.name_length = \(length + extra) AND d.normalized_name >= \(prefix)
                    AND d.normalized_name < \(prefix + "~") ORDER BY d.normalized_name LIMIT \(limit)) AS l\(SQL(trusting: String(extra)))
                    """
                )
            }
            let query = ranges.dropFirst().reduce(ranges[0]) { $0 + " UNION ALL " + $1 }
            let rows = try connection.execute(query).map(FoundDocument.init)
            found += rows.sorted { ($0.normalizedName.utf8.count, $0.normalizedName) < ($1.normalizedName.utf8.count, $1.normalizedName) }
        }
        return Array(found.prefix(limit))
    }

    /// Those whose name is `compact` but for a letter or two, the nearest first.
    func misspelled(_ compact: String, limit: Int) throws -> [FoundDocument] {
        var spellings = Misspellings.spellings(typed: compact)
        guard let last = spellings.last else { return [] }
        // In a few lengths, so that a few prepared statements serve all.
        while spellings.count % 32 != 0 { spellings.append(last) }
        let rows = try connection.execute(
            """
            SELECT \(Self.columns) FROM (SELECT DISTINCT number FROM search_misspellings WHERE spelling IN (\(list: spellings)) LIMIT 500) AS m
            JOIN search_documents AS d ON d.number = m.number
            """
        )
        let tolerance = Misspellings.tolerance(of: compact.utf8.count)
        let near = try rows.map(FoundDocument.init).map { ($0, EditDistance.between($0.compactName, compact)) }.filter {
            $0.1 > 0 && $0.1 <= tolerance
        }
        func key(_ entry: (FoundDocument, Int)) -> (Int, Int, Int64) {
            // The first letter is seldom the wrong one.
            (entry.1, entry.0.compactName.utf8.first == compact.utf8.first ? 0 : 1, -entry.0.number)
        }
        return near.sorted { key($0) < key($1) }.prefix(limit).map(\.0)
    }
}

/// A document as it is found.
struct FoundDocument: Sendable {
    /// Greater for a newer version: the order of documents.
    let number: Int64
    let normalizedName: String
    let compactName: String
    let name: String
    let version: String
    let summary: String
    let classifiers: [String]
    let createdAt: Int64

    init(row: Row) throws {
        number = try row[at: 0]
        normalizedName = try row[at: 1]
        compactName = try row[at: 2]
        name = try row[at: 3]
        version = try row[at: 4]
        summary = try row[at: 5]
        classifiers = try row[at: 6, as: String.self].split(separator: "\n").map(String.init)
        createdAt = try row[at: 7]
    }
}

extension Connection {
    var searchTables: SearchTables { SearchTables(connection: self) }
}
