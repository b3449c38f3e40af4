package import JobQueue
import SQLDatabase

/// Deletes sessions that have expired, and what is remembered of logins for no longer than that.
package struct PruneSessions: Job {
    package static let kind = "prune-sessions"
    package static let priority = JobPriority.low
    private static let batch = 5000

    package init() {}

    package func run(in index: PackageIndex) async throws {
        let now = index.clock.now()
        while try await index.database.write({ try $0.sessions.deleteExpired(now: now, limit: Self.batch) }) == Self.batch {
            try Task.checkCancellation()
        }
        try await index.database.write { tx in
            try tx.pendingLogins.deleteExpired(now: now)
            try tx.knownLogins.deleteExpired(now: now)
        }
    }
}
