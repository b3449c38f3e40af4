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
    /// Counts the jobs: one pass over their table, or its first 100,000 rows.
    package func jobLoad() async throws -> JobLoad {
        let now = clock.now()
        let statistics = try await database.read { try $0.jobs.statistics(now: now) }
        return JobLoad(
            kinds: statistics.map { JobLoad.Kind(name: $0.kind, waiting: $0.waiting, running: $0.running, parked: $0.parked) },
            oldestDue: statistics.compactMap(\.oldestDueAge).max().map { Int64($0 * 1_000_000) } ?? 0
        )
    }
}
