// What the database says of itself.

package import Backends
import SQLDatabase

/// What ``PackageIndex/databaseStatus()`` found.
package struct DatabaseStatus: Sendable {
    /// Such as `PostgreSQL 15.14`.
    package let version: String
    /// `nil` for a database in this process.
    package let clock: ClockDifference?
    /// Why nothing can be written; `nil` when it can.
    package let writeFault: String?
}

extension PackageIndex {
    /// Asks the database who it is and what time it has, and tries to write.
    ///
    /// - Throws: `DatabaseError` when it does not answer.
    package func databaseStatus() async throws -> DatabaseStatus {
        let version: String
        var clock: ClockDifference?
        switch database.dialect {
        case .sqlite:
            version = "SQLite \(try await database.query("SELECT sqlite_version() AS version")[0]["version", as: String.self])"
        case .postgres:
            let row = try await database.query(
                "SELECT current_setting('server_version') AS version, CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) AS seconds"
            )[0]
            version = "PostgreSQL \(try row["version", as: String.self])"
            clock = ClockDifference(seconds: try row["seconds", as: Int64.self] - self.clock.now() / 1_000_000)
        }
        var writeFault: String?
        do {
            try await database.write { tx in _ = try tx.execute("UPDATE index_identity SET id = id") }
        } catch let error as DatabaseError {
            writeFault = error.message
        }
        return DatabaseStatus(version: version, clock: clock, writeFault: writeFault)
    }
}
