// Many rows in few statements.

extension Connection {
    /// Inserts rows: on PostgreSQL by statements of many rows each.
    ///
    /// Give a column the same type in every row, and no NULL: PostgreSQL prepares a statement for every pattern of types.
    /// - Parameters:
    ///   - head: `INSERT INTO table (columns) VALUES`.
    ///   - returning: a `RETURNING` clause.
    /// - Returns: what the clause says, in no particular order.
    /// - Throws: ``DatabaseError``.
    @discardableResult
    public func insertRows(_ head: SQL, _ rows: [[SQLValue]], returning: SQL? = nil) throws -> [Row] {
        guard let width = rows.first?.count else { return [] }
        // What costs PostgreSQL is the way there and back. SQLite has none, but copies each page that a statement of several rows changes into a
        // journal of that statement's own: some 40 kB a row into a table with nine indexes.
        let limit = dialect == .sqlite ? 1 : max(1, min(512, 16_384 / width))
        var returned: [Row] = []
        var start = 0
        while start < rows.count {
            // Powers of two, so that a few prepared statements serve lists of any length.
            let most = min(limit, rows.count - start)
            let count = 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
            returned += try execute(Self.statement(head, rows[start..<start + count], returning))
            start += count
        }
        return returned
    }

    private static func statement(_ head: SQL, _ rows: ArraySlice<[SQLValue]>, _ returning: SQL?) -> SQL {
        var text = SQL.StringInterpolation(literalCapacity: 0, interpolationCount: rows.count * (rows.first?.count ?? 0))
        text.appendInterpolation(head)
        for (number, row) in rows.enumerated() {
            text.appendLiteral(number == 0 ? " (" : "), (")
            for (column, value) in row.enumerated() {
                if column > 0 { text.appendLiteral(", ") }
                text.appendInterpolation(value)
            }
        }
        text.appendLiteral(") ")
        if let returning { text.appendInterpolation(returning) }
        return SQL(stringInterpolation: text)
    }
}
