// Takes jobs from the table and runs them.

import Foundation
public import Logging
import Metrics
public import SQLDatabase
public import ServiceLifecycle

/// Runs jobs until the program shuts down; any number of runners, in any number of processes, share one table.
///
/// It wakes when a commit says that there is work, when the next job falls due, and every ``pollInterval`` in case a message was lost.
/// On graceful shutdown it takes no new jobs and waits for the running ones.
public struct JobRunner<Context: Sendable>: Service {
    private let database: any Database
    private let registry: JobRegistry<Context>
    private let context: Context
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let width: Int
    private let leaseTime: Duration
    private let pollInterval: Duration

    /// - Parameters:
    ///   - now: microseconds since 1970.
    ///   - width: how many jobs run at once.
    ///   - leaseTime: how long after its worker died a job is taken for abandoned.
    public init(
        database: any Database,
        registry: JobRegistry<Context>,
        context: Context,
        now: @escaping @Sendable () -> Int64,
        logger: Logger,
        width: Int = 2,
        leaseTime: Duration = .seconds(60),
        pollInterval: Duration = .seconds(30)
    ) {
        self.database = database
        self.registry = registry
        self.context = context
        self.now = now
        self.logger = logger
        self.width = width
        self.leaseTime = leaseTime
        self.pollInterval = pollInterval
    }

    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<width { group.addTask { await work() } }
        }
    }

    /// Runs everything that is due now, one job after the other.
    ///
    /// - Returns: how many jobs ran.
    @discardableResult
    public func runDue() async throws -> Int {
        var count = 0
        while try await runNext() { count += 1 }
        return count
    }

    private func work() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                if try await runNext() { continue }
                await pause()
            } catch {
                logger.error("The job table can not be read; trying again.", metadata: ["error": "\(error)"])
                await rest(.seconds(2))
            }
        }
    }

    private func rest(_ duration: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }

    /// Waits for a message, the next due time or the poll interval, whichever comes first.
    private func pause() async {
        let due = try? await database.read { try $0.jobs.nextDue() }
        let untilDue = due.flatMap { $0 }.map { Duration.microseconds(max(10_000, $0 - now())) } ?? pollInterval
        guard let messages = try? await database.listen(to: JobTable.channel) else { return await rest(min(untilDue, pollInterval)) }
        // A job may have been added between the look and the listening: look once more.
        if let newDue = try? await database.read({ try $0.jobs.nextDue() }), newDue <= now() { return }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in messages { return } }
                group.addTask { try? await Task.sleep(for: min(untilDue, pollInterval)) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Claims and runs one job.
    ///
    /// - Returns: `false` when none is due.
    private func runNext() async throws -> Bool {
        let lease = UUID().uuidString
        let (now, leaseTime) = (now(), leaseTime)
        guard let claim = try await database.write({ try $0.jobs.claim(now: now, leaseUntil: now + leaseTime.microseconds, lease: lease) }) else {
            return false
        }
        var logger = logger
        logger[metadataKey: "job.kind"] = "\(claim.kind)"
        logger[metadataKey: "job.id"] = "\(claim.id)"
        guard let entry = registry.entries[claim.kind] else {
            logger.error("No job of this kind is known; it is parked.")
            try await park(claim, error: "No job of kind \(claim.kind) is known to this version.")
            return true
        }
        guard claim.attempt <= entry.retry.attempts else {
            // Its last attempt never ended: the job brings its workers down.
            logger.error("A job's worker died each time; it is parked.")
            try await park(claim, error: "The worker died on each of \(entry.retry.attempts) attempts.")
            return true
        }
        do {
            try await withLeaseExtended(claim) { try await entry.run(claim.payload, context) }
            try await database.write { try $0.jobs.finish(claim) }
            Counter(label: "emporium_jobs_total", dimensions: [("kind", claim.kind), ("outcome", "done")]).increment()
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
        Counter(label: "emporium_jobs_total", dimensions: [("kind", claim.kind), ("outcome", "failed")]).increment()
    }

    private func park(_ claim: JobTable.Claim, error: String) async throws {
        let now = now()
        try await database.write { try $0.jobs.park(claim, error: error, now: now) }
    }

    /// Runs `body` beside a task that keeps the lease alive; if the lease is lost to another worker, `body` is cancelled.
    private func withLeaseExtended(_ claim: JobTable.Claim, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                while true {
                    do { try await Task.sleep(for: leaseTime / 3) } catch { return false }
                    let until = now() + leaseTime.microseconds
                    do {
                        guard try await database.write({ try $0.jobs.extend(claim, until: until) }) else { throw LeaseLost() }
                    } catch let error as DatabaseError {
                        // The lease may still hold by the next try; should it not, that try will say so.
                        logger.warning("A lease could not be extended.", metadata: ["error": "\(error)"])
                    }
                }
            }
            defer { group.cancelAll() }
            while let isDone = try await group.next() {
                if isDone { return }
            }
        }
    }

    private struct LeaseLost: Error, CustomStringConvertible {
        let description = "The job took so long that its lease was lost to another worker."
    }
}

extension Duration {
    /// The duration in whole microseconds.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
