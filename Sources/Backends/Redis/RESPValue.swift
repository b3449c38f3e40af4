// What Redis says.

/// A value of Redis's protocol, versions 2 and 3.
public enum RESPValue: Sendable, Hashable {
    /// A status such as `OK`. What was no UTF-8 is repaired.
    case simple(String)
    case error(RESPError)
    case integer(Int64)
    case bulk([UInt8])
    /// Nothing, in whichever of the three ways it was written.
    case null
    case array([RESPValue])
    case double(Double)
    case boolean(Bool)
    /// A whole number of any size: its digits, after `-` where it is negative.
    case bigNumber(String)
    /// Text with a format of three bytes, such as `txt` or `mkd`.
    case verbatim(format: String, [UInt8])
    case map([RESPPair])
    case set([RESPValue])
    /// Said without having been asked for, such as a message of a channel.
    case push([RESPValue])
}

/// An entry of a map, in the order of the wire; a key may occur twice.
public struct RESPPair: Sendable, Hashable {
    public let key: RESPValue
    public let value: RESPValue

    public init(_ key: RESPValue, _ value: RESPValue) {
        self.key = key
        self.value = value
    }
}

/// An error as an answer.
public struct RESPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole line, such as `WRONGTYPE Operation against a key …`.
    public let text: String

    public init(_ text: String) { self.text = text }

    /// Its first word, such as `WRONGTYPE`, `MOVED` or `ERR`.
    public var code: Substring { text.prefix { $0 != " " } }
    public var description: String { text }
}

extension RESPValue {
    /// The bytes of a string of whatever kind.
    public var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes), .verbatim(_, let bytes): bytes
        case .simple(let text): Array(text.utf8)
        default: nil
        }
    }

    /// The text of a string of whatever kind; what was no UTF-8 is repaired.
    public var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .bulk, .simple: text.flatMap { Int64($0) }
        default: nil
        }
    }

    /// The elements of whatever has elements; those of a map are keys and values by turns.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let values), .set(let values), .push(let values): values
        case .map(let pairs): pairs.flatMap { [$0.key, $0.value] }
        default: nil
        }
    }

    /// The value of a map's key, also where version 2 wrote the map as an array.
    public subscript(_ key: String) -> RESPValue? {
        guard let elements else { return nil }
        for place in stride(from: 0, to: elements.count - 1, by: 2) where elements[place].text == key { return elements[place + 1] }
        return nil
    }
}
