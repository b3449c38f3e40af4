import SQLDatabase

/// The tags that transactions touched, numbered in commit order without gaps: what other processes follow.
package struct TouchedTags {
    let connection: any Connection

    /// The channel on which processes hear that a commit touched something. The message is who touched it.
    static let channel = "cache_tags"
    /// The same in a cache that processes share: what it says may be lost, and comes right behind the commit.
    static let signal = "touched-tags"
    private static let counter = "touched-tags"
    /// How long a process may be cut off from the database and still learn what exactly it missed, in microseconds.
    private static let keptFor: Int64 = 3600 * 1_000_000

    /// What one transaction touched.
    struct Entry: Sendable {
        let number: Int64
        let tags: Set<CacheTag>
        let process: String
        /// Whether a tag was written that this version does not know.
        let isPartlyUnknown: Bool
    }

    /// Adds what this transaction touched. The number comes from a row that stays locked until the transaction ends, so call this last.
    ///
    /// - Returns: the number.
    func append(_ tags: Set<CacheTag>, by process: String, now: Int64) throws -> Int64 {
        let number: Int64 = try connection.execute(
            "UPDATE counters SET value = value + 1 WHERE name = \(Self.counter) RETURNING value"
        )[0][at: 0]
        let text = tags.map(\.description).sorted().joined(separator: " ")
        try connection.execute(
            "INSERT INTO touched_tags (number, tags, process, touched_at) VALUES (\(number), \(text), \(process), \(now))"
        )
        if number % 256 == 0 {
            try connection.execute("DELETE FROM touched_tags WHERE number < \(number) AND touched_at < \(now - Self.keptFor)")
        }
        try connection.notify(Self.channel, process)
        return number
    }

    /// The number of the newest entry; 0 when there never was one.
    func lastNumber() throws -> Int64 {
        try connection.execute("SELECT value FROM counters WHERE name = \(Self.counter)")[0][at: 0]
    }

    /// The entries behind `number`, oldest first.
    func entries(after number: Int64, limit: Int) throws -> [Entry] {
        try connection.execute(
            "SELECT number, tags, process FROM touched_tags WHERE number > \(number) ORDER BY number LIMIT \(Int64(limit))"
        ).map { row in
            let keys = try row[at: 1, as: String.self].split(separator: " ")
            let tags = Set(keys.compactMap { CacheTag($0) })
            return Entry(number: try row[at: 0], tags: tags, process: try row[at: 2], isPartlyUnknown: tags.count < keys.count)
        }
    }
}

extension Connection {
    package var touchedTags: TouchedTags { TouchedTags(connection: self) }
}
