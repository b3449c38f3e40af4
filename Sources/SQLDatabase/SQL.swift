// SQL text whose interpolated values are bound, never pasted.

/// A statement with its bound values.
///
/// `"SELECT id FROM projects WHERE normalized_name = \(name)"` binds `name`; nothing that is interpolated as a value can become SQL text.
/// Placeholders are `$1 … $n`: native on PostgreSQL, and on SQLite numbered by first appearance, which is the same thing
/// because every interpolation gets a fresh number.
public struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    enum Segment: Sendable, Hashable {
        case text(String)
        case value(SQLValue)
        case dialect(sqlite: String, postgres: String)
    }

    var segments: [Segment]

    public init(stringLiteral value: StaticString) {
        segments = [.text(value.description)]
    }

    public init(stringInterpolation: StringInterpolation) {
        segments = stringInterpolation.segments
    }

    /// SQL text that is not a literal: only for text the program itself made (generated DDL, EXPLAIN of a known statement).
    public init(trusting text: String) {
        segments = [.text(text)]
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var segments: [Segment] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            segments.reserveCapacity(interpolationCount * 2 + 1)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            segments.append(.text(literal.description))
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLConvertible) {
            segments.append(.value(value.sqlValue))
        }

        /// Binds a value or NULL.
        public mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            segments.append(.value(value.sqlValue))
        }

        /// Binds a value that is already in SQL form.
        public mutating func appendInterpolation(_ value: SQLValue) {
            segments.append(.value(value))
        }

        /// Splices another statement's text and values.
        public mutating func appendInterpolation(_ sql: SQL) {
            segments.append(contentsOf: sql.segments)
        }

        /// Spells the type of a column.
        public mutating func appendInterpolation(_ type: ColumnType) {
            segments.append(.dialect(sqlite: type.spelling(.sqlite), postgres: type.spelling(.postgres)))
        }

        /// Spells a real difference between the engines in place.
        public mutating func appendInterpolation(sqlite: StaticString, postgres: StaticString) {
            segments.append(.dialect(sqlite: sqlite.description, postgres: postgres.description))
        }

        /// Binds a list for `IN (…)`. An empty list is `NULL`, which no value equals (nor differs from: `NOT IN` of an empty list finds nothing either).
        public mutating func appendInterpolation(list values: some Sequence<some SQLConvertible>) {
            var first = true
            for value in values {
                if !first { segments.append(.text(", ")) }
                segments.append(.value(value.sqlValue))
                first = false
            }
            if first { segments.append(.text("NULL")) }
        }
    }

    /// The statement's text in `dialect` and the values to bind, in placeholder order.
    public func rendered(for dialect: Dialect) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for segment in segments {
            switch segment {
            case .text(let part): text += part
            case .value(let value):
                values.append(value)
                text += "$\(values.count)"
            case .dialect(let sqlite, let postgres): text += dialect == .sqlite ? sqlite : postgres
            }
        }
        return (text, values)
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.segments += right.segments
        return sum
    }
}
