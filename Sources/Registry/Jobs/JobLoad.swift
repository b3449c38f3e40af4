// How much work waits.

import JobQueue
import SQLDatabase

/// The jobs of the index by kind, at one moment.
package struct JobLoad: Sendable, Hashable {
    /// The jobs of one kind.
    package struct Kind: Sendable, Hashable {
        package let name: String
        /// Due or not, held by no worker that is alive.
        package let waiting: Int
        package let running: Int
        /// Failed for the last time.
        package let parked: Int
    }

    package let kinds: [Kind]
    /// How long the oldest job that could run has been due, in microseconds; 0 when none is.
    package let oldestDue: Int64
}

extension PackageIndex {
    /// Counts the jobs: one pass over their table.
    package func jobLoad() async throws -> JobLoad {
        let now = clock.now()
        return try await database.read { tx in
            let kinds = try tx.execute(
                """
                SELECT kind, COUNT(*) AS total, COUNT(parked_at) AS parked,
                    COUNT(CASE WHEN parked_at IS NULL AND lease IS NOT NULL AND leased_until > \(now) THEN 1 END) AS running
                FROM jobs GROUP BY kind ORDER BY kind
                """
            ).map { row in
                let (parked, running): (Int, Int) = (try row["parked"], try row["running"])
                return JobLoad.Kind(name: try row["kind"], waiting: try row["total"] - parked - running, running: running, parked: parked)
            }
            return JobLoad(kinds: kinds, oldestDue: max(0, now - (try tx.jobs.nextDue() ?? now)))
        }
    }
}
