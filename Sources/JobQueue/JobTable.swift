// The jobs of a database, on a connection.

import Foundation
public import SQLDatabase

/// Queries on the `jobs` table. Times are microseconds since 1970.
public struct JobTable {
    let connection: any Connection

    /// The channel that says "there may be work".
    public static let channel = "jobs"

    /// The table, to be put into the program's migrations.
    public static let schema: [SQL] = [
        """
        CREATE TABLE jobs (
            id \(.primaryKey),
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            deduplication_key TEXT,
            run_after \(.timestamp) NOT NULL,
            attempt BIGINT NOT NULL DEFAULT 0,
            lease TEXT,
            leased_until \(.timestamp),
            last_error TEXT,
            parked_at \(.timestamp),
            created_at \(.timestamp) NOT NULL
        )
        """,
        // A leased job has begun: its key no longer stands for work to come.
        "CREATE UNIQUE INDEX jobs_deduplication ON jobs (kind, deduplication_key) WHERE lease IS NULL AND parked_at IS NULL",
        "CREATE INDEX jobs_claimable ON jobs (run_after, id) WHERE parked_at IS NULL",
    ]

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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload = String(decoding: try encoder.encode(job), as: UTF8.self)
        let added = try connection.execute(
            """
            INSERT INTO jobs (kind, payload, deduplication_key, run_after, created_at)
            VALUES (\(J.kind), \(payload), \(job.deduplicationKey), \(runAfter ?? now), \(now))
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

    /// Leases the job that has been due for longest; an expired lease counts as none.
    public func claim(now: Int64, leaseUntil: Int64, lease: String) throws -> Claim? {
        try connection.execute(
            """
            UPDATE jobs SET lease = \(lease), leased_until = \(leaseUntil), attempt = attempt + 1
            WHERE id = (
                SELECT id FROM jobs
                WHERE parked_at IS NULL AND run_after <= \(now) AND (lease IS NULL OR leased_until <= \(now))
                ORDER BY run_after, id LIMIT 1 \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED")
            )
            RETURNING id, kind, payload, attempt
            """
        ).first.map { row in
            Claim(id: try row["id"], kind: try row["kind"], payload: try row["payload"], attempt: try row["attempt"], lease: lease)
        }
    }

    /// Keeps a lease alive.
    ///
    /// - Returns: `false` when it was lost.
    public func extend(_ claim: Claim, until: Int64) throws -> Bool {
        try !connection.execute("UPDATE jobs SET leased_until = \(until) WHERE id = \(claim.id) AND lease = \(claim.lease) RETURNING id").isEmpty
    }

    /// The work is done.
    public func finish(_ claim: Claim) throws {
        try connection.execute("DELETE FROM jobs WHERE id = \(claim.id) AND lease = \(claim.lease)")
    }

    /// The work failed and is to be tried again.
    public func retry(_ claim: Claim, error: String, runAfter: Int64) throws {
        // A newer job with the same key does the same work: then this one is not needed.
        let successors = try connection.execute(
            """
            SELECT 1 FROM jobs AS waiting JOIN jobs AS failed ON failed.kind = waiting.kind AND failed.deduplication_key = waiting.deduplication_key
            WHERE failed.id = \(claim.id) AND waiting.id <> failed.id AND waiting.lease IS NULL AND waiting.parked_at IS NULL
            """
        )
        guard successors.isEmpty else { return try finish(claim) }
        try connection.execute(
            """
            UPDATE jobs SET lease = NULL, leased_until = NULL, last_error = \(error), run_after = \(runAfter)
            WHERE id = \(claim.id) AND lease = \(claim.lease)
            """
        )
    }

    /// The work failed for the last time: the row stays, with its error, until a person decides.
    public func park(_ claim: Claim, error: String, now: Int64) throws {
        try connection.execute(
            """
            UPDATE jobs SET lease = NULL, leased_until = NULL, last_error = \(error), parked_at = \(now)
            WHERE id = \(claim.id) AND lease = \(claim.lease)
            """
        )
    }

    /// When the next job falls due: its time, or the end of its lease.
    public func nextDue() throws -> Int64? {
        try connection.execute(
            "SELECT MIN(CASE WHEN lease IS NULL THEN run_after ELSE leased_until END) AS due FROM jobs WHERE parked_at IS NULL"
        ).first.flatMap { try $0["due", as: Int64?.self] }
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
}
