// Jobs that failed for the last time.

public import SQLDatabase

/// A job that waits for a person's decision.
public struct ParkedJob: Sendable, Hashable, Identifiable {
    public let id: Int64
    public let kind: String
    /// The job, as JSON.
    public let payload: String
    /// How often it was tried.
    public let attempts: Int
    /// What the last try said.
    public let error: String
    /// Microseconds since 1970.
    public let createdAt: Int64
    /// Microseconds since 1970.
    public let parkedAt: Int64

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        payload = try row["payload"]
        attempts = try row["attempt"]
        error = try row["last_error", as: String?.self] ?? ""
        createdAt = try row["created_at"]
        parkedAt = try row["parked_at"]
    }
}

extension JobTable {
    /// The parked jobs, the latest first.
    ///
    /// - Parameter job: the last one of the page before.
    public func parked(limit: Int = 100, after job: ParkedJob? = nil) throws -> [ParkedJob] {
        let before = (time: job?.parkedAt ?? .max, id: job?.id ?? .max)
        return try connection.execute(
            """
            SELECT id, kind, payload, attempt, last_error, created_at, parked_at FROM jobs
            WHERE parked_at IS NOT NULL AND (parked_at, id) < (\(before.time), \(before.id)) ORDER BY parked_at DESC, id DESC LIMIT \(limit)
            """
        ).map(ParkedJob.init)
    }

    /// Lets a parked job run again, with all its tries. One that waits with the same key takes its place.
    ///
    /// - Returns: `false` when there is no such parked job.
    @discardableResult
    public func unpark(id: Int64, now: Int64) throws -> Bool {
        let freed = try connection.unlessTaken {
            try connection.execute(
                "UPDATE jobs SET parked_at = NULL, attempt = 0, run_after = \(now) WHERE id = \(id) AND parked_at IS NOT NULL RETURNING kind"
            )
        }
        guard let freed else { return try deleteParked(id: id) }
        guard let kind: String = try freed.first?["kind"] else { return false }
        try connection.notify(Self.channel, kind)
        return true
    }

    /// Forgets a parked job.
    ///
    /// - Returns: `false` when there is no such parked job.
    @discardableResult
    public func deleteParked(id: Int64) throws -> Bool {
        try !connection.execute("DELETE FROM jobs WHERE id = \(id) AND parked_at IS NOT NULL RETURNING id").isEmpty
    }

    /// Forgets up to `limit` jobs that were parked before `time`, and entries of the schedule that no process has tended since.
    ///
    /// - Returns: how many jobs; `limit` means that there may be more.
    @discardableResult
    public func prune(before time: Int64, limit: Int = 1000) throws -> Int {
        try connection.execute("DELETE FROM job_schedule WHERE next_due < \(time)")
        return try connection.execute(
            """
            DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE parked_at IS NOT NULL AND parked_at < \(time) ORDER BY parked_at, id LIMIT \(limit))
            RETURNING id
            """
        ).count
    }
}
