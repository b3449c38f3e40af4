package import JobQueue
import SQLDatabase

/// Forgets failed jobs that nobody has cared about.
package struct PruneJobs: Job {
    package static let kind = "prune-jobs"
    package static let priority = JobPriority.low
    /// How long a parked job is kept, in microseconds: 90 days.
    static let patience: Int64 = 90 * 86400 * 1_000_000

    package init() {}

    package func run(in index: PackageIndex) async throws {
        let time = index.clock.now() - Self.patience
        // In small steps: nobody waits long for a lock.
        while try await index.database.write({ try $0.jobs.prune(before: time, limit: 1000) }) == 1000 { try Task.checkCancellation() }
    }
}
