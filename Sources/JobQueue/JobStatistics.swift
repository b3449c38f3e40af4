// The queue in numbers, for metrics.

import SQLDatabase

/// How many jobs of a kind there are.
public struct JobStatistics: Sendable, Hashable {
    public let kind: String
    /// Due or due later; a job whose worker died counts here once its lease has run out.
    public let waiting: Int
    public let running: Int
    public let parked: Int
    /// For how many seconds the oldest due job has been due; nil when none is.
    public let oldestDueAge: Double?
}

extension JobTable {
    /// The jobs, kind by kind, in the order of their names.
    ///
    /// - Parameter limit: how many rows may be read, the oldest first: with more jobs than this, the counts are too low.
    public func statistics(now: Int64, limit: Int = 100_000) throws -> [JobStatistics] {
        try connection.execute(
            """
            SELECT kind, COUNT(*) AS jobs, COUNT(parked_at) AS parked,
                COUNT(CASE WHEN lease IS NOT NULL AND run_after > \(now) THEN 1 END) AS running,
                MIN(CASE WHEN parked_at IS NULL AND run_after <= \(now) THEN run_after END) AS due
            FROM (SELECT kind, parked_at, lease, run_after FROM jobs ORDER BY id LIMIT \(limit)) AS oldest GROUP BY kind ORDER BY kind
            """
        ).map { row in
            let (jobs, parked, running) = (try row["jobs", as: Int.self], try row["parked", as: Int.self], try row["running", as: Int.self])
            return JobStatistics(
                kind: try row["kind"],
                waiting: jobs - parked - running,
                running: running,
                parked: parked,
                oldestDueAge: try row["due", as: Int64?.self].map { Double(now - $0) / 1_000_000 }
            )
        }
    }
}
