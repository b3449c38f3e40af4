// The rows of a table, one after the other, in the order of its key.

package import SQLDatabase

/// Reads a table within one transaction, some hundred rows at a time. Texts are in the order of their bytes on both engines, so that two indexes can be read
/// side by side.
package final class TableRows {
    private static let batch = 400
    private let tx: any Connection
    private let shape: TableShape
    private var rows: ArraySlice<[SQLValue]> = []
    private var last: [SQLValue]?
    private var isOver = false
    private var hasBegun = false

    package init(_ shape: TableShape, _ tx: any Connection) {
        self.shape = shape
        self.tx = tx
    }

    /// The values of the next row in the order of the shape's columns; `nil` behind the last one.
    ///
    /// - Throws: `DatabaseError`; of kind `decoding` when a value is not of its column's type.
    package func next() throws -> [SQLValue]? {
        if rows.isEmpty, !isOver { try fill() }
        return rows.popFirst()
    }

    private func fill() throws {
        let fetched = try tx.dialect == .postgres ? fetch() : page()
        isOver = fetched.count < Self.batch
        rows = try fetched.map { try values(of: $0) }[...]
        last = rows.last
    }

    /// PostgreSQL may have no index in this order, and should sort only once: hence a cursor.
    private func fetch() throws -> [Row] {
        if !hasBegun {
            hasBegun = true
            let order = shape.keyColumns.map { $0.type == .text ? "\($0.name) COLLATE \"C\"" : $0.name }.joined(separator: ", ")
            let select = "SELECT \(columns) FROM \(shape.name) WHERE \(Self.condition(shape)) ORDER BY \(order)"
            try tx.execute(SQL(trusting: "DECLARE \(cursor) NO SCROLL CURSOR FOR \(select)"))
        }
        let fetched = try tx.execute(SQL(trusting: "FETCH \(Self.batch) FROM \(cursor)"))
        if fetched.count < Self.batch { try tx.execute(SQL(trusting: "CLOSE \(cursor)")) }
        return fetched
    }

    private var cursor: String { "moving_\(shape.name)" }

    private func page() throws -> [Row] {
        var statement = SQL(trusting: "SELECT \(columns) FROM \(shape.name) WHERE \(Self.condition(shape))")
        let key = shape.keyColumns.map(\.name).joined(separator: ", ")
        if let last {
            statement = statement + SQL(trusting: " AND (\(key)) > (")
            for (place, column) in shape.key.enumerated() { statement = statement + (place == 0 ? "\(last[column])" : ", \(last[column])") }
            statement = statement + ")"
        }
        return try tx.execute(statement + SQL(trusting: " ORDER BY \(key) LIMIT \(Self.batch)"))
    }

    private var columns: String { shape.columns.map(\.name).joined(separator: ", ") }

    /// One row is about the place and not about the index: whether this place may be written.
    private static func condition(_ shape: TableShape) -> String { shape.name == "counters" ? "name <> '\(Freeze.counter)'" : "TRUE" }

    private func values(of row: Row) throws -> [SQLValue] {
        try zip(shape.columns, row.values).map { column, value in
            switch (column.type, value) {
            case (_, .null), (.integer, .integer), (.real, .real), (.boolean, .boolean), (.text, .text), (.blob, .blob): return value
            // SQLite has no type of its own for truth, and writes whole numbers as such.
            case (.boolean, .integer(let number)) where number == 0 || number == 1: return .boolean(number == 1)
            case (.real, .integer(let number)): return .real(Double(number))
            default: throw DatabaseError(.decoding, "In the table \(shape.name), the column \(column.name) holds a value that is no \(column.type).")
            }
        }
    }

    /// The highest number that the engine has given in a numbered column, also to rows that are gone.
    static func highestNumber(of shape: TableShape, _ tx: any Connection) throws -> Int64? {
        guard let column = shape.numbered else { return nil }
        switch tx.dialect {
        case .sqlite:
            return try tx.execute("SELECT seq FROM sqlite_sequence WHERE name = \(shape.name)").first?[at: 0] ?? 0
        case .postgres:
            let sequence: String = try tx.execute("SELECT pg_get_serial_sequence(\(shape.name), \(column))")[0][at: 0]
            let select = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM \(sequence)"
            return try tx.execute(SQL(trusting: select))[0][at: 0]
        }
    }

    /// Makes the engine number new rows behind `number` and behind those there are.
    static func setNumber(of shape: TableShape, behind number: Int64, _ tx: any Connection) throws {
        guard let column = shape.numbered else { return }
        let most: Int64 = try tx.execute(SQL(trusting: "SELECT COALESCE(MAX(\(column)), 0) FROM \(shape.name)"))[0][at: 0]
        let highest = max(number, most)
        switch tx.dialect {
        case .sqlite:
            try tx.execute("DELETE FROM sqlite_sequence WHERE name = \(shape.name)")
            try tx.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (\(shape.name), \(highest))")
        case .postgres:
            try tx.execute("SELECT setval(pg_get_serial_sequence(\(shape.name), \(column)), \(highest + 1), FALSE)")
        }
    }
}
