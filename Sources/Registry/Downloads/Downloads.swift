package import SQLDatabase

/// Queries on how often the files of projects were fetched: by day for 90 days, by month before.
package struct Downloads {
    let connection: any Connection

    /// What is counted apart.
    package enum Dimension: String, Sendable, CaseIterable, Hashable {
        /// By people and their machines; its only value is empty.
        case total
        case version
        case python
        case system
        case installer
        /// By what copies the index for others.
        case mirror
        /// By what reads pages for search engines and the like.
        case bot
    }

    /// A number of downloads that something has in common.
    package struct Count: Sendable, Hashable {
        let projectID: Int64
        /// `2026-11-22` or `2026-11`.
        let period: String
        let dimension: String
        let value: String
        let count: Int64
    }

    /// Adds to what was counted before. In the order of their keys, so that two writers never wait for each other.
    func add(_ counts: [Count]) throws {
        func key(_ count: Count) -> (Int64, String, String, String) { (count.projectID, count.period, count.dimension, count.value) }
        for count in counts.sorted(by: { key($0) < key($1) }) {
            try connection.execute(
                """
                INSERT INTO downloads (project_id, period, dimension, value, count)
                SELECT id, \(count.period), \(count.dimension), \(count.value), \(count.count) FROM projects WHERE id = \(count.projectID)
                ON CONFLICT (project_id, period, dimension, value) DO UPDATE SET count = downloads.count + excluded.count
                """
            )
        }
    }

    /// A project's totals of each day and month, the oldest period first.
    func totals(projectID: Int64) throws -> [Count] {
        try connection.execute(
            """
            SELECT project_id, period, dimension, value, count FROM downloads WHERE project_id = \(projectID) AND dimension = 'total' ORDER BY period
            """
        ).map(Count.init)
    }

    /// A project's sums of each value of each dimension, of the days from this one on.
    func sums(projectID: Int64, from day: String) throws -> [Count] {
        try connection.execute(
            """
            SELECT project_id, '' AS period, dimension, value, CAST(SUM(count) AS BIGINT) AS count FROM downloads
            WHERE project_id = \(projectID) AND period >= \(day) AND LENGTH(period) = 10 AND dimension <> 'total' GROUP BY project_id, dimension, value
            """
        ).map(Count.init)
    }

    /// Makes months of days.
    ///
    /// - Parameter day: those before this one.
    /// - Returns: whether there may be more.
    func fold(before day: String, limit: Int = 1000) throws -> Bool {
        let rows = try connection.execute(
            """
            SELECT project_id, period, dimension, value, count FROM downloads WHERE period < \(day) AND LENGTH(period) = 10
            ORDER BY period, project_id LIMIT \(limit)
            """
        ).map(Count.init)
        var months: [Count: Int64] = [:]
        for row in rows {
            let month = Count(projectID: row.projectID, period: String(row.period.prefix(7)), dimension: row.dimension, value: row.value, count: 0)
            months[month, default: 0] += row.count
            try connection.execute(
                """
                DELETE FROM downloads WHERE project_id = \(row.projectID) AND period = \(row.period) AND dimension = \(row.dimension)
                    AND value = \(row.value)
                """
            )
        }
        try add(
            months.map { Count(projectID: $0.projectID, period: $0.period, dimension: $0.dimension, value: $0.value, count: $1) }
        )
        return rows.count == limit
    }
}

extension Downloads.Count {
    init(row: Row) throws {
        self.init(
            projectID: try row["project_id"],
            period: try row["period"],
            dimension: try row["dimension"],
            value: try row["value"],
            count: try row["count"]
        )
    }
}

extension Connection {
    package var downloads: Downloads { Downloads(connection: self) }
}
