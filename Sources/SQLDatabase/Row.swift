// One row of a result.

/// One row: its values beside the column names that all rows of the result share.
public struct Row: Sendable {
    /// The result's column names and where each stands.
    public final class Columns: Sendable {
        /// Column names, in result order.
        public let names: [String]
        let positions: [String: Int]

        public init(_ names: [String]) {
            self.names = names
            positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    public let columns: Columns
    public let values: [SQLValue]

    public init(columns: Columns, values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The value of a column, read as `type`.
    ///
    /// - Throws: ``DatabaseError`` of kind ``DatabaseError/Kind/decoding`` when the column is missing or has another type.
    public subscript<Value: SQLConvertible>(_ column: String, as type: Value.Type = Value.self) -> Value {
        get throws(DatabaseError) {
            guard let position = columns.positions[column] else {
                throw DatabaseError(.decoding, "The result has no column \(column); it has \(columns.names.joined(separator: ", ")).")
            }
            guard let value = Value(sqlValue: values[position]) else {
                throw DatabaseError(.decoding, "Column \(column) can not be read as \(Value.self).")
            }
            return value
        }
    }

    /// The value at a position of the result, read as `type`: for long results, where looking up names costs.
    public subscript<Value: SQLConvertible>(at position: Int, as type: Value.Type = Value.self) -> Value {
        get throws(DatabaseError) {
            guard values.indices.contains(position), let value = Value(sqlValue: values[position]) else {
                throw DatabaseError(.decoding, "Column \(position) can not be read as \(Value.self).")
            }
            return value
        }
    }
}
