// Jobs that come again and again.

public import SQLDatabase

/// One entry of a schedule.
public struct ScheduledJob<Context: Sendable>: Sendable {
    /// Its row in the table: stable, as a job's kind is.
    public let name: String
    public let cron: CronExpression
    let enqueue: @Sendable (JobTable, Int64) throws -> Void

    /// - Parameter job: added at every due time, unless the one before still waits.
    public init<J: Job>(_ name: String, cron: CronExpression, job: J) where J.Context == Context {
        self.name = name
        self.cron = cron
        enqueue = { table, now in try table.enqueue(job, deduplicationKey: job.deduplicationKey ?? "schedule/\(name)", now: now) }
    }
}

/// What runs when. Any number of processes tend the same schedule; each due time is had once.
///
/// A row for each entry holds its next due time, which moves in the transaction that adds the job. However many due times were missed, one job makes
/// up for them.
public struct JobSchedule<Context: Sendable>: Sendable, ExpressibleByArrayLiteral {
    public let entries: [ScheduledJob<Context>]

    /// By how much a clock may be behind the one that the due times were reckoned from: another process's, or this one's before it was set
    /// back. Within this no due time is had twice. In microseconds.
    static var tolerance: Int64 { 3600 * 1_000_000 }

    public init(_ entries: [ScheduledJob<Context>]) {
        precondition(Set(entries.map(\.name)).count == entries.count, "two scheduled jobs have the same name")
        self.entries = entries
    }

    public init(arrayLiteral elements: ScheduledJob<Context>...) { self.init(elements) }

    /// The first due time of any entry after `now`; nil when there are none.
    func nextDue(after now: Int64) -> Int64? { entries.map { $0.cron.next(after: now) }.min() }

    private enum Step {
        /// It is new: its first due time is the next one.
        case begin
        case run(due: Int64)
        /// Another version of the program had another expression.
        case change(from: Int64)
        /// The clock was set back: waiting for a time that is far away would stop the schedule.
        case startOver(from: Int64)
    }

    private func steps(_ connection: any Connection, now: Int64) throws -> [(entry: ScheduledJob<Context>, step: Step)] {
        var rows: [String: (cron: String, due: Int64)] = [:]
        for row in try connection.execute("SELECT name, cron, next_due FROM job_schedule") {
            rows[try row["name"]] = (try row["cron"], try row["next_due"])
        }
        return entries.compactMap { entry in
            guard let row = rows[entry.name] else { return (entry, .begin) }
            if row.due <= now { return (entry, .run(due: row.due)) }
            if row.cron != entry.cron.description { return (entry, .change(from: row.due)) }
            if row.due > entry.cron.next(after: now + Self.tolerance) { return (entry, .startOver(from: row.due)) }
            return nil
        }
    }

    /// Whether ``advance(_:now:)`` has something to do.
    func hasSteps(_ connection: any Connection, now: Int64) throws -> Bool { try !steps(connection, now: now).isEmpty }

    /// Adds the jobs that are due and moves their due times on.
    func advance(_ connection: any Connection, now: Int64) throws {
        var isClockBehind = false
        for (entry, step) in try steps(connection, now: now) {
            switch step {
            case .begin:
                try connection.execute(
                    """
                    INSERT INTO job_schedule (name, cron, next_due) VALUES (\(entry.name), \(entry.cron.description), \(entry.cron.next(after: now)))
                    ON CONFLICT (name) DO NOTHING
                    """
                )
            case .run(let due):
                if try move(entry, from: due, connection, now: now) { try entry.enqueue(connection.jobs, now) }
            case .change(let due): _ = try move(entry, from: due, connection, now: now)
            case .startOver(let due): isClockBehind = try move(entry, from: due, connection, now: now) || isClockBehind
            }
        }
        if isClockBehind { try connection.jobs.followClock(backTo: now, tolerance: Self.tolerance) }
    }

    /// - Returns: `false` when another process was faster.
    private func move(_ entry: ScheduledJob<Context>, from due: Int64, _ connection: any Connection, now: Int64) throws -> Bool {
        try !connection.execute(
            """
            UPDATE job_schedule SET next_due = \(entry.cron.next(after: now)), cron = \(entry.cron.description)
            WHERE name = \(entry.name) AND next_due = \(due) RETURNING name
            """
        ).isEmpty
    }
}

extension JobTable {
    /// Brings jobs back that were added, leased or put off while the clock was ahead; they would wait until it is that late again.
    func followClock(backTo now: Int64, tolerance: Int64) throws {
        let farAway = now + tolerance
        try connection.execute(
            """
            UPDATE jobs SET run_after = run_after - (created_at - \(now)), created_at = \(now)
            WHERE parked_at IS NULL AND created_at > \(farAway) AND run_after > \(farAway)
            """
        )
        // Whoever holds one of these says so within minutes, if alive; a pause before another try is no longer than the tolerance either.
        try connection.execute(
            """
            UPDATE jobs SET run_after = \(now + tolerance / 12) WHERE parked_at IS NULL AND attempt > 0 AND run_after > \(farAway)
            """
        )
    }
}
