// A strict reader for the little JSON in a caveat, or from a browser's authenticator (RFC 8259).

/// Foundation's reader cannot tell `1` from `true` or `1.0` on every platform; caveats must.
package enum JSONValue: Equatable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number: never what a caveat wants.
    case otherNumber
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// - Throws: `InvalidCaveat` unless the bytes are exactly one JSON value, at most 16 levels deep, without a key twice in one object.
    package init(_ bytes: [UInt8]) throws(InvalidCaveat) {
        var reader = JSONReader(rest: bytes[...])
        self = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.rest.isEmpty else { throw JSONReader.malformed }
    }
}

private struct JSONReader {
    static let malformed = InvalidCaveat("caveat is not valid JSON")
    private static let deepest = 16

    var rest: ArraySlice<UInt8>

    mutating func skipSpace() {
        while let byte = rest.first, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { rest.removeFirst() }
    }

    mutating func value(depth: Int) throws(InvalidCaveat) -> JSONValue {
        guard depth < Self.deepest else { throw InvalidCaveat("caveat is nested too deeply") }
        skipSpace()
        switch rest.first {
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard rest.first == UInt8(ascii: byte) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(InvalidCaveat) -> JSONValue {
        guard rest.starts(with: text.utf8) else { throw Self.malformed }
        rest = rest.dropFirst(text.utf8.count)
        return value
    }

    private mutating func array(depth: Int) throws(InvalidCaveat) -> [JSONValue] {
        rest.removeFirst()
        var elements: [JSONValue] = []
        if take("]") { return elements }
        repeat { elements.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw Self.malformed }
        return elements
    }

    private mutating func object(depth: Int) throws(InvalidCaveat) -> [String: JSONValue] {
        rest.removeFirst()
        var members: [String: JSONValue] = [:]
        if take("}") { return members }
        repeat {
            skipSpace()
            guard rest.first == UInt8(ascii: "\"") else { throw Self.malformed }
            let key = try string()
            guard take(":") else { throw Self.malformed }
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw InvalidCaveat("caveat has a key twice") }
        } while take(",")
        guard take("}") else { throw Self.malformed }
        return members
    }

    private mutating func number() throws(InvalidCaveat) -> JSONValue {
        var text: [UInt8] = []
        while let byte = rest.first, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { text.append(rest.removeFirst()) }
        var digits = text[...]
        if digits.first == UInt8(ascii: "-") { digits.removeFirst() }
        let whole = digits.prefix { (0x30...0x39).contains($0) }
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { throw Self.malformed }
        if whole.count == digits.count { return Int64(String(decoding: text, as: UTF8.self)).map(JSONValue.integer) ?? .otherNumber }
        guard Double(String(decoding: text, as: UTF8.self)) != nil else { throw Self.malformed }
        return .otherNumber
    }

    private mutating func string() throws(InvalidCaveat) -> String {
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw Self.malformed }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: UTF8.encode(try escape())!)
            case ..<0x20: throw Self.malformed
            default: text.append(byte)
            }
        }
        throw Self.malformed
    }

    private mutating func escape() throws(InvalidCaveat) -> Unicode.Scalar {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            // A high surrogate must be followed by a low one.
            guard (0xD800...0xDBFF).contains(first), rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") else {
                throw Self.malformed
            }
            let second = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
                throw Self.malformed
            }
            return scalar
        default: throw Self.malformed
        }
    }

    private mutating func hexadecimal() throws(InvalidCaveat) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = rest.popFirst(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw Self.malformed }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
