// The jobs of a database, on a connection.

import Foundation
public import SQLDatabase

/// Queries on the `jobs` table. Times are microseconds since 1970.
public struct JobTable {
    let connection: any Connection

    /// The channel that says "there may be work".
    public static let channel = "jobs"

    /// How long a job must have been due before it may be taken out of turn, in microseconds: 15 minutes.
    public static let patience: Int64 = 15 * 60 * 1_000_000

    /// A job that a worker holds.
    public struct Claim: Sendable {
        public let id: Int64
        public let kind: String
        public let payload: String
        /// Which try this is; 1 is the first.
        public let attempt: Int
        /// What the holder shows when it extends or ends its lease.
        public let lease: String
    }

    /// Adds a job that runs once this transaction has committed, not before `runAfter`.
    ///
    /// - Returns: `false` when a job with the same deduplication key was waiting already.
    /// - Throws: ``DatabaseError``, or the error of a payload that can not be coded.
    @discardableResult
    public func enqueue<J: Job>(_ job: J, now: Int64, runAfter: Int64? = nil) throws -> Bool {
        try enqueue(job, deduplicationKey: job.deduplicationKey, now: now, runAfter: runAfter)
    }

    @discardableResult
    func enqueue<J: Job>(_ job: J, deduplicationKey: String?, now: Int64, runAfter: Int64? = nil) throws -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload = String(decoding: try encoder.encode(job), as: UTF8.self)
        let added = try connection.execute(
            """
            INSERT INTO jobs (kind, payload, priority, deduplication_key, run_after, created_at)
            VALUES (\(J.kind), \(payload), \(J.priority.rawValue), \(deduplicationKey), \(runAfter ?? now), \(now))
            ON CONFLICT (kind, deduplication_key) WHERE lease IS NULL AND parked_at IS NULL DO NOTHING
            RETURNING id
            """
        )
        guard !added.isEmpty else { return false }
        try connection.notify(Self.channel, J.kind)
        return true
    }

    /// Takes a waiting job away again; one that is running goes on.
    public func cancel(kind: String, deduplicationKey: String) throws {
        try connection.execute(
            "DELETE FROM jobs WHERE kind = \(kind) AND deduplication_key = \(deduplicationKey) AND lease IS NULL AND parked_at IS NULL"
        )
    }

    /// Leases the due job of the highest priority, of these the one that has been due for longest. A lease that ran out makes its job due.
    ///
    /// - Parameter overdue: a priority whose jobs come before all others once they have been due for longer than ``patience``.
    public func claim(now: Int64, leaseUntil: Int64, lease: String, overdue: JobPriority? = nil) throws -> Claim? {
        let rows = try connection.execute(Self.claiming(now: now, leaseUntil: leaseUntil, lease: lease, overdue: overdue))
        return try rows.first.map { row in
            Claim(id: try row["id"], kind: try row["kind"], payload: try row["payload"], attempt: try row["attempt"], lease: lease)
        }
    }

    /// One look into `jobs_by_priority` for each priority, each only when those before found nothing; jobs that may not be taken yet are never passed
    /// through. No other index may be ordered by `run_after`: PostgreSQL would walk it past all due jobs of other priorities.
    static func claiming(now: Int64, leaseUntil: Int64, lease: String, overdue: JobPriority?) -> SQL {
        func first(_ priority: JobPriority, dueAt time: Int64) -> SQL {
            """
            (SELECT id FROM jobs WHERE parked_at IS NULL AND priority = \(number(of: priority)) AND run_after <= \(time)
            ORDER BY run_after, id LIMIT 1 \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED"))
            """
        }
        let choices = (overdue.map { [first($0, dueAt: now - patience)] } ?? []) + JobPriority.allCases.map { first($0, dueAt: now) }
        return """
            UPDATE jobs SET lease = \(lease), run_after = \(leaseUntil), attempt = attempt + 1
            WHERE id = COALESCE(\(choices.dropFirst().reduce(choices[0]) { $0 + ", " + $1 })) RETURNING id, kind, payload, attempt
            """
    }

    /// Spelled out instead of bound, so that PostgreSQL plans for each priority by itself.
    private static func number(of priority: JobPriority) -> SQL { SQL(trusting: "\(priority.rawValue)") }

    /// Keeps a lease alive.
    ///
    /// - Returns: `false` when it was lost.
    public func extend(_ claim: Claim, until: Int64) throws -> Bool {
        try !connection.execute("UPDATE jobs SET run_after = \(until) WHERE id = \(claim.id) AND lease = \(claim.lease) RETURNING id").isEmpty
    }

    /// The work is done.
    public func finish(_ claim: Claim) throws {
        try connection.execute("DELETE FROM jobs WHERE id = \(claim.id) AND lease = \(claim.lease)")
    }

    /// The work failed and is to be tried again.
    public func retry(_ claim: Claim, error: String, runAfter: Int64) throws {
        let isWaiting = try connection.unlessTaken {
            try connection.execute(
                "UPDATE jobs SET lease = NULL, last_error = \(error), run_after = \(runAfter) WHERE id = \(claim.id) AND lease = \(claim.lease)"
            )
        }
        // A newer job with the same key does the same work: then this one is not needed.
        if isWaiting == nil { try finish(claim) }
    }

    /// The work failed for the last time: the row stays, with its error, until a person decides.
    public func park(_ claim: Claim, error: String, now: Int64) throws {
        try connection.execute(
            """
            UPDATE jobs SET lease = NULL, last_error = \(error), parked_at = \(now)
            WHERE id = \(claim.id) AND lease = \(claim.lease)
            """
        )
    }

    /// When the next job may be taken: its time, or the end of its lease.
    public func nextDue() throws -> Int64? {
        try connection.execute(Self.firstDue).first.flatMap { try $0["due", as: Int64?.self] }
    }

    static var firstDue: SQL {
        let firsts = JobPriority.allCases.map { priority -> SQL in
            "SELECT MIN(run_after) AS due FROM jobs WHERE parked_at IS NULL AND priority = \(number(of: priority))"
        }
        return "SELECT MIN(due) AS due FROM (\(firsts.dropFirst().reduce(firsts[0]) { $0 + " UNION ALL " + $1 })) AS firsts"
    }

    /// How many jobs wait or run, and how many are parked.
    public func counts() throws -> (waiting: Int, parked: Int) {
        let row = try connection.execute("SELECT COUNT(*) AS total, COUNT(parked_at) AS parked FROM jobs")[0]
        let parked: Int = try row["parked"]
        return (try row["total"] - parked, parked)
    }
}

extension Connection {
    /// The background jobs.
    public var jobs: JobTable { JobTable(connection: self) }

    /// Runs `body` so that a unique violation undoes only its own changes.
    ///
    /// - Returns: nil when there was one.
    func unlessTaken<Result>(_ body: () throws -> Result) throws -> Result? {
        do {
            return try savepoint(body)
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            return nil
        }
    }
}
