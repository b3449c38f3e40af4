// All rows of an index as they were at one moment.

package import SQLDatabase

/// What a snapshot holds.
package struct RowSnapshot: Sendable, Hashable {
    package let identity: String
    /// The last migration that was applied.
    package let schemaVersion: Int
    package let lastSerial: Int64
    package let tables: [TableSummary]

    package var rows: Int { tables.reduce(0) { $0 + $1.rows } }

    package func count(of table: String) -> Int { tables.first { $0.name == table }?.rows ?? 0 }

    /// Reads every table within one transaction of `database`, while others write.
    ///
    /// - Parameters:
    ///   - path: a file of rows to be made; `nil` to count and hash only.
    ///   - seeing: sees each row.
    /// - Throws: `DatabaseError`, what the file system says, `CancellationError` when the work was stopped.
    package static func take(
        of database: any Database,
        into path: String?,
        work: LongWork = LongWork(),
        seeing: (@Sendable (_ table: TableShape, _ row: [SQLValue]) throws -> Void)? = nil
    ) async throws -> RowSnapshot {
        work.begin("rows")
        let snapshot = try await database.read { tx in
            let head = try tx.execute(
                """
                SELECT (SELECT id FROM index_identity) AS identity, (SELECT MAX(id) FROM schema_migrations) AS schema_version,
                    (SELECT value FROM counters WHERE name = 'serial') AS last_serial
                """
            )[0]
            // Made anew should the transaction run again.
            let writer = try RowStreamWriter(path: path)
            for shape in try TableShape.all(tx) {
                try writer.begin(shape, number: TableRows.highestNumber(of: shape, tx))
                let rows = TableRows(shape, tx)
                var count = 0
                while let row = try rows.next() {
                    try seeing?(shape, row)
                    try writer.append(row)
                    count += 1
                    if count % 256 == 0 {
                        work.advance(by: 256)
                        try work.checkStop()
                    }
                }
                work.advance(by: count % 256)
                try writer.end()
            }
            try writer.finish()
            return RowSnapshot(
                identity: try head["identity"],
                schemaVersion: try head["schema_version"],
                lastSerial: try head["last_serial"],
                tables: writer.tables
            )
        }
        work.end()
        return snapshot
    }
}
