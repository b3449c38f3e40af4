import JobQueue
import SQLDatabase

/// Queries on the paths that uploads are about to write.
///
/// A path stands here from just before its bytes are stored until the row that makes them visible commits, so what a crash leaves behind is known
/// without listing the storage. Paths hold a hash of their content: several uploads of the same file share one, and the last to let go sweeps it.
struct PendingFiles {
    let connection: any Connection

    /// Says that `path` is about to be written.
    ///
    /// - Returns: `false` while somebody is removing what lies there: ask again.
    func hold(_ path: String, now: Int64) throws -> Bool {
        try !connection.execute(
            """
            INSERT INTO pending_files (path, holders, is_sweeping, touched_at) VALUES (\(path), 1, FALSE, \(now))
            ON CONFLICT (path) DO UPDATE SET is_sweeping = FALSE, touched_at = \(now),
                holders = CASE WHEN pending_files.is_sweeping THEN 1 ELSE pending_files.holders + 1 END
            WHERE NOT pending_files.is_sweeping OR pending_files.touched_at <= \(now - SweepOrphanFile.lease)
            RETURNING path
            """
        ).isEmpty
    }

    /// Lets go of a hold. With the last one the row goes, and the job that would have swept the path.
    ///
    /// - Returns: whether the hold still stood: `false` when a sweep took its holder for dead.
    @discardableResult
    func release(_ path: String) throws -> Bool {
        let rows = try connection.execute(
            "UPDATE pending_files SET holders = holders - 1 WHERE path = \(path) AND NOT is_sweeping RETURNING holders"
        )
        guard let holders = try rows.first?["holders", as: Int.self] else { return false }
        if holders <= 0 {
            try connection.execute("DELETE FROM pending_files WHERE path = \(path)")
            try connection.jobs.cancel(kind: SweepOrphanFile.kind, deduplicationKey: path)
        }
        return true
    }

    /// What a sweep is to do.
    enum SweepDecision: Sendable, Hashable {
        /// Nothing is left to do.
        case done
        /// Remove what lies at the path; newcomers wait.
        case remove
        /// Somebody may still be at work there: look again at this time.
        case wait(until: Int64)
    }

    /// Decides whether what lies at `path` is an orphan, and if so marks the row.
    ///
    /// - Parameter ownHolds: how many of the holds are the caller's own; they are given up.
    func beginSweep(_ path: String, ownHolds: Int, now: Int64) throws -> SweepDecision {
        let rows = try connection.execute(
            "SELECT holders, is_sweeping, touched_at FROM pending_files WHERE path = \(path) \(sqlite: "", postgres: "FOR UPDATE")"
        )
        guard let row = rows.first else { return .done }
        // A statement of its own: a transaction that the lock above had to wait for has made its file visible to this one, not to that.
        let isFile = try !connection.execute("SELECT 1 AS found FROM files WHERE path = \(path)").isEmpty
        let touchedAt: Int64 = try row["touched_at"]
        if try row["is_sweeping"] {
            let end = touchedAt + SweepOrphanFile.lease
            if end > now { return .wait(until: end) }
        } else {
            let end = touchedAt + SweepOrphanFile.patience
            let othersHold = try row["holders"] > ownHolds && end > now
            if ownHolds > 0, isFile || othersHold {
                try release(path)
                return .done
            }
            if othersHold { return .wait(until: end) }
        }
        if isFile {
            // All that is left of an upload that died, after which the same file came again.
            try connection.execute("DELETE FROM pending_files WHERE path = \(path)")
            return .done
        }
        try connection.execute("UPDATE pending_files SET is_sweeping = TRUE, touched_at = \(now) WHERE path = \(path)")
        return .remove
    }

    /// Nothing lies at the path any more.
    ///
    /// - Parameter now: what the sweep began with. One that was so slow that somebody took the path over has nothing to end.
    func endSweep(_ path: String, begunAt now: Int64) throws {
        let ended = try connection.execute("DELETE FROM pending_files WHERE path = \(path) AND is_sweeping AND touched_at = \(now) RETURNING path")
        if !ended.isEmpty { try connection.jobs.cancel(kind: SweepOrphanFile.kind, deduplicationKey: path) }
    }

    func count() throws -> Int {
        try connection.execute("SELECT COUNT(*) AS count FROM pending_files")[0]["count"]
    }
}

extension Connection {
    var pendingFiles: PendingFiles { PendingFiles(connection: self) }
}
