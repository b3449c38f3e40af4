package import Packaging
package import SQLDatabase

/// Queries on the lists of identifiers that were fetched after the program was built.
package struct RefreshedLists {
    let connection: any Connection

    /// Changes whenever a list does.
    func revision() throws -> Int64 {
        try connection.execute("SELECT value FROM counters WHERE name = 'refreshed-lists'").first?["value"] ?? 0
    }

    /// Every list there is, one identifier a line.
    package func all() throws -> [IdentifierList: String] {
        var lists: [IdentifierList: String] = [:]
        for row in try connection.execute("SELECT name, body FROM refreshed_lists") {
            // A newer program may keep lists that this one does not know.
            if let list = IdentifierList(rawValue: try row["name"]) { lists[list] = try row["body"] }
        }
        return lists
    }

    /// - Parameter source: the package the list comes from, and its version.
    func replace(_ list: IdentifierList, body: String, source: String, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO refreshed_lists (name, source, body, refreshed_at) VALUES (\(list.rawValue), \(source), \(body), \(now))
            ON CONFLICT (name) DO UPDATE SET source = excluded.source, body = excluded.body, refreshed_at = excluded.refreshed_at
            """
        )
        try connection.execute("UPDATE counters SET value = value + 1 WHERE name = 'refreshed-lists'")
    }
}

extension Connection {
    package var refreshedLists: RefreshedLists { RefreshedLists(connection: self) }
}
