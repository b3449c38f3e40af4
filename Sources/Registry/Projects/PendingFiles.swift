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
            ON CONFLICT (path) DO UPDATE SET holders = pending_files.holders + 1, touched_at = \(now) WHERE NOT pending_files.is_sweeping
            RETURNING path
            """
        ).isEmpty
    }

    /// The path is a file now.
    func release(_ path: String) throws {
        try connection.execute("UPDATE pending_files SET holders = holders - 1 WHERE path = \(path)")
        try connection.execute("DELETE FROM pending_files WHERE path = \(path) AND holders <= 0 AND NOT is_sweeping")
    }

    /// Begins to remove what lies at `path`, unless it became a file or somebody else holds it.
    ///
    /// - Parameter heldBefore: holders that have been silent since then are dead.
    func beginSweep(_ path: String, heldBefore: Int64, ownHolds: Int) throws -> Bool {
        try !connection.execute(
            """
            UPDATE pending_files SET is_sweeping = TRUE
            WHERE path = \(path) AND (holders <= \(ownHolds) OR touched_at < \(heldBefore))
                AND NOT EXISTS (SELECT 1 FROM files WHERE files.path = pending_files.path)
            RETURNING path
            """
        ).isEmpty
    }

    /// Forgets the path: nothing lies there any more, or it is a file.
    func forget(_ path: String) throws {
        try connection.execute("DELETE FROM pending_files WHERE path = \(path)")
    }

    func count() throws -> Int {
        try connection.execute("SELECT COUNT(*) AS count FROM pending_files")[0]["count"]
    }
}

extension Connection {
    var pendingFiles: PendingFiles { PendingFiles(connection: self) }
}
