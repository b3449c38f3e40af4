import SQLDatabase

/// Reads every project with the serial of its newest change, at one point in time.
package struct ProjectSerials {
    let connection: any Connection

    /// So many are read at once: no statement takes long, and no more than a run is in memory.
    private static let run = 10_000

    /// The newest serial of the index.
    package func lastSerial() throws -> Int64 { try connection.journal.lastSerial() }

    /// Names every project as it was last uploaded, by normalized name. Those in quarantine are among them: a mirror has to hear of them to take them away
    /// (index §13).
    package func forEach(_ body: (_ name: String, _ serial: Int64) throws -> Void) throws {
        var last = ""
        while true {
            let rows = try connection.execute(Self.behind(last, limit: Self.run))
            for row in rows { try body(row[at: 0], row[at: 2]) }
            guard let end = rows.last else { return }
            last = try end[at: 1]
        }
    }

    /// - Parameter name: normalized.
    static func behind(_ name: String, limit: Int) -> SQL {
        "SELECT name, normalized_name, last_serial FROM projects WHERE normalized_name > \(name) ORDER BY normalized_name LIMIT \(Int64(limit))"
    }
}

extension PackageIndex {
    /// Runs `body` on a snapshot of the projects and their serials.
    package func readProjectSerials<Result: Sendable>(_ body: @escaping @Sendable (ProjectSerials) throws -> Result) async throws -> Result {
        try await readForPages { try body(ProjectSerials(connection: $0)) }
    }
}
