import Packaging
package import SQLDatabase

/// Queries on vulnerabilities.
package struct Vulnerabilities {
    let connection: any Connection

    private static let columns: SQL = "v.id, v.source, v.identifier, v.link, v.aliases, v.details, v.summary, v.fixed_in, v.withdrawn_at"

    /// Those of a release, by source and identifier; withdrawn ones are among them (index §3.2).
    package func list(releaseID: Int64) throws -> [Vulnerability] {
        try connection.execute(
            """
            SELECT \(Self.columns) FROM release_vulnerabilities l JOIN vulnerabilities v ON v.id = l.vulnerability_id
            WHERE l.release_id = \(releaseID) ORDER BY v.source, v.identifier
            """
        ).map(Vulnerability.init)
    }

    package func find(source: String, identifier: String) throws -> Vulnerability? {
        try connection.execute(
            "SELECT \(Self.columns) FROM vulnerabilities v WHERE v.source = \(source) AND v.identifier = \(identifier)"
        ).first.map(Vulnerability.init)
    }

    /// Puts what a report says in place of what was said before.
    ///
    /// - Returns: its id.
    func set(_ report: VulnerabilityReport, now: Int64) throws -> Int64 {
        try connection.execute(
            """
            INSERT INTO vulnerabilities (source, identifier, link, aliases, details, summary, fixed_in, withdrawn_at, recorded_at)
            VALUES (\(report.source), \(report.identifier), \(report.link), \(StringList.encode(report.aliases)), \(report.details), \(report.summary),
                \(StringList.encode(report.fixedIn)), \(report.withdrawnAt), \(now))
            ON CONFLICT (source, identifier) DO UPDATE SET link = excluded.link, aliases = excluded.aliases, details = excluded.details,
                summary = excluded.summary, fixed_in = excluded.fixed_in, withdrawn_at = excluded.withdrawn_at, recorded_at = excluded.recorded_at
            RETURNING id
            """
        )[0][at: 0]
    }

    /// Says that these releases have a vulnerability and no others do.
    func link(_ id: Int64, releaseIDs: Set<Int64>) throws {
        let present = try Set(
            connection.execute("SELECT release_id FROM release_vulnerabilities WHERE vulnerability_id = \(id)").map { try $0[at: 0, as: Int64.self] }
        )
        for releaseID in present.subtracting(releaseIDs) {
            try connection.execute("DELETE FROM release_vulnerabilities WHERE vulnerability_id = \(id) AND release_id = \(releaseID)")
        }
        try connection.insertRows(
            "INSERT INTO release_vulnerabilities (release_id, vulnerability_id) VALUES",
            releaseIDs.subtracting(present).sorted().map { [$0.sqlValue, id.sqlValue] }
        )
    }

    /// The pages of every project that has a release with this vulnerability are stale.
    func touchProjects(_ id: Int64) throws {
        let names = try connection.execute(
            """
            SELECT DISTINCT p.normalized_name FROM release_vulnerabilities l JOIN releases r ON r.id = l.release_id
            JOIN projects p ON p.id = r.project_id WHERE l.vulnerability_id = \(id)
            """
        )
        for row in names { try connection.touch(.project(NormalizedName(normalizing: row[at: 0]))) }
    }

    func delete(_ id: Int64) throws {
        try connection.execute("DELETE FROM vulnerabilities WHERE id = \(id)")
    }
}

extension Connection {
    package var vulnerabilities: Vulnerabilities { Vulnerabilities(connection: self) }
}
