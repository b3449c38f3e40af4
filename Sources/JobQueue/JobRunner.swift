// Takes jobs from the table and runs them.

import Foundation
public import Logging
import Metrics
public import SQLDatabase
public import ServiceLifecycle

/// Runs jobs until the program shuts down; any number of runners, in any number of processes, share one table.
///
/// It wakes when a commit says that there is work, when the next job falls due, and every ``pollInterval`` in case a message was lost.
/// It also tends the schedule. On graceful shutdown it takes no new jobs and waits for the running ones.
public struct JobRunner<Context: Sendable>: Service {
    let database: any Database
    let registry: JobRegistry<Context>
    private let schedule: JobSchedule<Context>
    let context: Context
    let now: @Sendable () -> Int64
    let logger: Logger
    private let width: Int
    let leaseTime: Duration
    private let pollInterval: Duration

    /// - Parameters:
    ///   - schedule: what this process adds to the table when it is due.
    ///   - now: microseconds since 1970.
    ///   - width: how many jobs run at once in this process.
    ///   - leaseTime: how long after its worker died a job is taken for abandoned.
    public init(
        database: any Database,
        registry: JobRegistry<Context>,
        schedule: JobSchedule<Context> = [],
        context: Context,
        now: @escaping @Sendable () -> Int64,
        logger: Logger,
        width: Int = 2,
        leaseTime: Duration = .seconds(60),
        pollInterval: Duration = .seconds(30)
    ) {
        self.database = database
        self.registry = registry
        self.schedule = schedule
        self.context = context
        self.now = now
        self.logger = logger
        self.width = width
        self.leaseTime = leaseTime
        self.pollInterval = pollInterval
    }

    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            if !schedule.entries.isEmpty { group.addTask { await tendSchedule() } }
            for _ in 0..<width { group.addTask { await work() } }
        }
    }

    /// Runs everything that is due now, one job after the other.
    ///
    /// - Returns: how many jobs ran.
    @discardableResult
    public func runDue() async throws -> Int {
        var count = 0
        while try await runNext(turn: count) { count += 1 }
        return count
    }

    /// Adds the scheduled jobs that are due now; the first time, it only notes when each is due next.
    public func addScheduled() async throws {
        let now = now()
        guard try await database.read({ try schedule.hasSteps($0, now: now) }) else { return }
        try await database.write { try schedule.advance($0, now: now) }
    }

    private func tendSchedule() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await addScheduled()
            } catch let error as DatabaseError where error.kind == .readOnly {
                await rest(.seconds(5))
                continue
            } catch {
                logger.error("The schedule can not be tended; trying again.", metadata: ["error": "\(error)"])
                await rest(.seconds(2))
                continue
            }
            let now = now()
            let untilDue = schedule.nextDue(after: now).map { Duration.microseconds($0 - now) } ?? pollInterval
            // Never for long: the clock may be set meanwhile.
            await rest(min(untilDue, pollInterval))
        }
    }

    private func work() async {
        var turn = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                if try await runNext(turn: turn) {
                    turn += 1
                    continue
                }
                await pause()
            } catch let error as DatabaseError where error.kind == .readOnly {
                // Somebody said so, and will take it back.
                await rest(.seconds(5))
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
}

extension Duration {
    /// The duration in whole microseconds.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
