// A value that SQL can hold, the same on both engines.

/// One SQL value. Times travel as `integer` (microseconds since 1970), lists and objects as JSON in `text`.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case text(String)
    case blob([UInt8])

    /// Refuses the values that not every engine can hold: engines call it before they bind.
    ///
    /// - Throws: ``DatabaseError`` for text with a NUL character, which the C interfaces would cut off there, and for a number that is none.
    public func checkStorable() throws(DatabaseError) {
        switch self {
        case .text(let text) where text.utf8.contains(0): throw DatabaseError(.other, "Text with a NUL character can not be stored.")
        case .real(let real) where real.isNaN: throw DatabaseError(.other, "NaN can not be stored.")
        default: break
        }
    }
}

/// A Swift type that can be bound into a statement and read from a row.
///
/// Conforming a record's own types (names, enums, ids) keeps queries free of conversions.
public protocol SQLConvertible: Sendable {
    /// The value as SQL holds it.
    var sqlValue: SQLValue { get }

    /// Reads the value back; `nil` when `value` has another type or is out of range.
    init?(sqlValue value: SQLValue)
}

extension Int64: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self) }

    public init?(sqlValue value: SQLValue) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
}

extension Int: SQLConvertible {
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    public init?(sqlValue value: SQLValue) {
        guard let integer = Int64(sqlValue: value) else { return nil }
        self.init(integer)
    }
}

extension Double: SQLConvertible {
    public var sqlValue: SQLValue { .real(self) }

    public init?(sqlValue value: SQLValue) {
        switch value {
        case .real(let real): self = real
        case .integer(let integer): self = Double(integer)
        default: return nil
        }
    }
}

extension Bool: SQLConvertible {
    public var sqlValue: SQLValue { .boolean(self) }

    public init?(sqlValue value: SQLValue) {
        switch value {
        case .boolean(let boolean): self = boolean
        // SQLite has no boolean type: it answers 0 or 1.
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension String: SQLConvertible {
    public var sqlValue: SQLValue { .text(self) }

    public init?(sqlValue value: SQLValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Array: SQLConvertible where Element == UInt8 {
    public var sqlValue: SQLValue { .blob(self) }

    public init?(sqlValue value: SQLValue) {
        guard case .blob(let bytes) = value else { return nil }
        self = bytes
    }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }

    public init?(sqlValue value: SQLValue) {
        if value == .null {
            self = .none
        } else {
            guard let wrapped = Wrapped(sqlValue: value) else { return nil }
            self = .some(wrapped)
        }
    }
}

/// String-backed enums are stored as their raw value.
extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    public var sqlValue: SQLValue { .text(rawValue) }

    public init?(sqlValue value: SQLValue) {
        guard case .text(let text) = value else { return nil }
        self.init(rawValue: text)
    }
}
