package import SQLDatabase

/// Queries on the files that are in the archive only. Times are microseconds since 1970.
package struct UncopiedFiles {
    let connection: any Connection

    /// How many files wait.
    package struct Count: Sendable, Hashable {
        package let waiting: Int
        /// Of these, those that can not be copied as long as nobody mends the archive.
        package let unreconciled: Int
    }

    /// Says that a file is not served yet.
    ///
    /// - Parameter lookAfter: when those who look for forgotten files may take it.
    func add(_ fileID: Int64, lookAfter: Int64) throws {
        try connection.execute(
            """
            INSERT INTO uncopied_files (file_id, look_after) VALUES (\(fileID), \(lookAfter))
            ON CONFLICT (file_id) DO NOTHING
            """
        )
    }

    func contains(_ fileID: Int64) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM uncopied_files WHERE file_id = \(fileID)").isEmpty
    }

    /// The file is served.
    func remove(_ fileID: Int64) throws { try connection.execute("DELETE FROM uncopied_files WHERE file_id = \(fileID)") }

    /// Takes files that wait, those first that were looked at longest ago. Nobody else takes them before `until`.
    func take(_ limit: Int, now: Int64, until: Int64) throws -> [Int64] {
        let rows = try connection.execute(
            """
            SELECT file_id FROM uncopied_files WHERE look_after <= \(now) ORDER BY look_after, file_id LIMIT \(limit)
            \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED")
            """
        )
        let ids = try rows.map { try $0["file_id", as: Int64.self] }
        for id in ids { try connection.execute("UPDATE uncopied_files SET look_after = \(until) WHERE file_id = \(id)") }
        return ids
    }

    /// Notes why a file can not be copied.
    ///
    /// - Returns: whether that is news.
    func note(_ fault: String, of fileID: Int64) throws -> Bool {
        try !connection.execute(
            "UPDATE uncopied_files SET fault = \(fault) WHERE file_id = \(fileID) AND (fault IS NULL OR fault <> \(fault)) RETURNING file_id"
        ).isEmpty
    }

    package func count() throws -> Count {
        let row = try connection.execute("SELECT COUNT(*) AS waiting, COUNT(fault) AS unreconciled FROM uncopied_files")[0]
        return Count(waiting: try row["waiting"], unreconciled: try row["unreconciled"])
    }
}

extension Connection {
    package var uncopiedFiles: UncopiedFiles { UncopiedFiles(connection: self) }
}

extension PackageIndex {
    /// How many files are not served yet; `nil` without an archive.
    package func uncopiedCount() async throws -> UncopiedFiles.Count? {
        guard archive != nil else { return nil }
        return try await database.read { try $0.uncopiedFiles.count() }
    }
}
