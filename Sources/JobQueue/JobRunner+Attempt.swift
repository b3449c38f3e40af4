// One job, from its claim to its end.

import Foundation
import Logging
import Metrics
import SQLDatabase

extension JobRunner {
    /// Claims and runs one job. Every fourth turn a long overdue job of low or, in turn, of normal priority comes first, so that no flood
    /// starves the others.
    ///
    /// - Returns: `false` when none is due.
    func runNext(turn: Int) async throws -> Bool {
        let lease = UUID().uuidString
        let (now, leaseTime) = (now(), leaseTime)
        let leasedAt = ContinuousClock.now
        let overdue: JobPriority? = turn % 8 == 3 ? .low : turn % 8 == 7 ? .normal : nil
        let claimed = try await database.write {
            try $0.jobs.claim(now: now, leaseUntil: now + leaseTime.microseconds, lease: lease, overdue: overdue)
        }
        guard let claim = claimed else { return false }
        var logger = logger
        logger[metadataKey: "job.kind"] = "\(claim.kind)"
        logger[metadataKey: "job.id"] = "\(claim.id)"
        guard let entry = registry.entries[claim.kind] else {
            // A newer version, which runs beside this one during an upgrade, may know it.
            try await fail(claim, UnknownKind(kind: claim.kind), .standard, logger)
            return true
        }
        guard claim.attempt <= entry.retry.attempts else {
            // Its last attempt never ended: the job brings its workers down.
            logger.error("A job's worker died each time; it is parked.")
            try await park(claim, error: "The worker died on each of \(entry.retry.attempts) attempts.")
            return true
        }
        do {
            try await withLeaseExtended(claim, leasedAt: leasedAt, logger) {
                try await DatabaseWork.$current.withValue(.job) { try await entry.run(claim.payload, context) }
            }
            try await database.write { try $0.jobs.finish(claim) }
            count(claim, "done")
        } catch let error as LeaseLost {
            // Another worker has it, or will have it soon: nothing may be written about it from here.
            logger.warning("A job was stopped.", metadata: ["error": "\(error)", "job.attempt": "\(claim.attempt)"])
            count(claim, "lost")
        } catch {
            try await fail(claim, error, entry.retry, logger)
        }
        return true
    }

    private func fail(_ claim: JobTable.Claim, _ error: any Error, _ retry: RetryPolicy, _ logger: Logger) async throws {
        let message = String(describing: error)
        if claim.attempt >= retry.attempts {
            logger.error("A job failed for the last time and is parked.", metadata: ["error": "\(message)", "job.attempt": "\(claim.attempt)"])
            try await park(claim, error: message)
        } else {
            logger.warning("A job failed and will be tried again.", metadata: ["error": "\(message)", "job.attempt": "\(claim.attempt)"])
            let runAfter = now() + retry.delay(after: claim.attempt).microseconds
            try await database.write { try $0.jobs.retry(claim, error: message, runAfter: runAfter) }
        }
        count(claim, "failed")
    }

    private func count(_ claim: JobTable.Claim, _ outcome: String) {
        Counter(label: "emporium_jobs_total", dimensions: [("kind", claim.kind), ("outcome", outcome)]).increment()
    }

    private func park(_ claim: JobTable.Claim, error: String) async throws {
        let now = now()
        try await database.write { try $0.jobs.park(claim, error: error, now: now) }
    }

    /// Runs `body` beside a task that keeps the lease alive; if the lease is lost to another worker, `body` is cancelled.
    private func withLeaseExtended(
        _ claim: JobTable.Claim,
        leasedAt: ContinuousClock.Instant,
        _ logger: Logger,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                try await keepLease(claim, leasedAt: leasedAt, logger)
                return false
            }
            defer { group.cancelAll() }
            while let isDone = try await group.next() {
                if isDone { return }
            }
        }
    }

    /// Returns when it is cancelled.
    ///
    /// - Throws: ``LeaseLost``.
    private func keepLease(_ claim: JobTable.Claim, leasedAt: ContinuousClock.Instant, _ logger: Logger) async throws {
        var end = leasedAt + leaseTime
        while true {
            do { try await Task.sleep(for: leaseTime / 3) } catch { return }
            let askedAt = ContinuousClock.now
            let until = now() + leaseTime.microseconds
            do {
                guard try await database.write({ try $0.jobs.extend(claim, until: until) }) else { throw LeaseLost() }
                end = askedAt + leaseTime
            } catch let error as DatabaseError {
                logger.warning("A lease could not be extended.", metadata: ["error": "\(error)"])
                // Who can not reach the database does not know whether another worker has the job: it stops before that can be.
                guard ContinuousClock.now + leaseTime / 3 < end else { throw LeaseLost() }
            }
        }
    }
}

private struct LeaseLost: Error, CustomStringConvertible {
    let description = "The job's lease was lost, or can not be extended any more; another worker may run it."
}

private struct UnknownKind: Error, CustomStringConvertible {
    let kind: String

    var description: String { "No job of kind \(kind) is known to this version." }
}
