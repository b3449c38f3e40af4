// What authenticators encode (RFC 8949), in the canonical form that CTAP2 asks of them.

/// A CBOR value of the kinds that authenticators use.
indirect enum CBOR: Hashable, Sendable {
    case unsigned(UInt64)
    /// The number -1 - n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    case map([CBOR: CBOR])
    case boolean(Bool)
    case null

    /// A number as the labels of COSE keys are written.
    static func integer(_ number: Int) -> CBOR { number >= 0 ? .unsigned(UInt64(number)) : .negative(UInt64(-1 - number)) }
}

/// Reads CBOR as far as authenticators may use it (CTAP 2.1 §8, WebAuthn §6.5.1): definite lengths and shortest numbers only, no tags, no floating point,
/// keys of maps once each. Bounded: ``deepest`` levels, ``mostItems`` values. Sans-IO; nothing is reserved on the word of a length.
struct CBORDecoder {
    /// How deep values may be nested; CTAP2 allows 4, statements that we only pass over go a little deeper.
    static let deepest = 8
    /// How many values one input may consist of.
    static let mostItems = 1024

    /// What has not been read yet.
    private(set) var rest: ArraySlice<UInt8>
    private let requiresKeyOrder: Bool
    private var items = 0

    /// - Parameter requiresKeyOrder: whether the keys of maps must stand in canonical order (by kind, then length, then bytes). COSE keys and extensions must; not
    ///   every client orders the attestation object and its statement.
    init(_ bytes: some Sequence<UInt8>, requiresKeyOrder: Bool) {
        rest = Array(bytes)[...]
        self.requiresKeyOrder = requiresKeyOrder
    }

    /// The one value that all of the bytes are.
    static func value(of bytes: some Sequence<UInt8>, requiresKeyOrder: Bool) throws(InvalidCBOR) -> CBOR {
        var decoder = CBORDecoder(bytes, requiresKeyOrder: requiresKeyOrder)
        let value = try decoder.value()
        guard decoder.rest.isEmpty else { throw InvalidCBOR("something stands behind it") }
        return value
    }

    /// The next value; what follows it stays in ``rest``.
    mutating func value() throws(InvalidCBOR) -> CBOR { try value(depth: 0) }

    private mutating func value(depth: Int) throws(InvalidCBOR) -> CBOR {
        guard depth < Self.deepest else { throw InvalidCBOR("it is nested too deeply") }
        items += 1
        guard items <= Self.mostItems else { throw InvalidCBOR("it has too many values") }
        guard let head = rest.popFirst() else { throw InvalidCBOR("it breaks off") }
        let (kind, information) = (head >> 5, head & 31)
        if kind == 7 {
            switch information {
            case 20: return .boolean(false)
            case 21: return .boolean(true)
            case 22: return .null
            default: throw InvalidCBOR("it has a floating-point or unknown simple value")
            }
        }
        let argument = try argument(information)
        switch kind {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return .bytes(Array(try take(argument)))
        case 3:
            guard let text = String(validating: try take(argument), as: UTF8.self) else { throw InvalidCBOR("it has a text that is not UTF-8") }
            return .text(text)
        case 4:
            var elements: [CBOR] = []
            for _ in 0..<(try count(argument, bytesEach: 1)) { elements.append(try value(depth: depth + 1)) }
            return .array(elements)
        case 5: return .map(try members(count(argument, bytesEach: 2), depth: depth))
        default: throw InvalidCBOR("it has a tag")
        }
    }

    private mutating func members(_ count: Int, depth: Int) throws(InvalidCBOR) -> [CBOR: CBOR] {
        var members: [CBOR: CBOR] = [:]
        var last: ArraySlice<UInt8>?
        for _ in 0..<count {
            let before = rest
            let key = try value(depth: depth + 1)
            switch key {
            case .unsigned, .negative, .text, .bytes: break
            default: throw InvalidCBOR("it has a key that is neither number nor text")
            }
            let encoded = before.prefix(before.count - rest.count)
            if requiresKeyOrder, let last, !Self.precedes(last, encoded) { throw InvalidCBOR("it has keys out of order or twice") }
            last = encoded
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw InvalidCBOR("it has a key twice") }
        }
        return members
    }

    /// CTAP2's order: lower kinds first, then shorter encodings, then lower bytes.
    private static func precedes(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        let (kind, otherKind) = (one.first! >> 5, other.first! >> 5)
        if kind != otherKind { return kind < otherKind }
        if one.count != other.count { return one.count < other.count }
        return one.lexicographicallyPrecedes(other)
    }

    /// The number in a head, which must be in the shortest form.
    private mutating func argument(_ information: UInt8) throws(InvalidCBOR) -> UInt64 {
        guard information >= 24 else { return UInt64(information) }
        guard information < 28 else { throw InvalidCBOR("it has an indefinite or reserved length") }
        let width = 1 << Int(information - 24)
        let number = try take(UInt64(width)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let least: [UInt64] = [24, 1 << 8, 1 << 16, 1 << 32]
        guard number >= least[Int(information - 24)] else { throw InvalidCBOR("it has a number that is not in the shortest form") }
        return number
    }

    private mutating func take(_ count: UInt64) throws(InvalidCBOR) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw InvalidCBOR("it breaks off") }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }

    private func count(_ count: UInt64, bytesEach: UInt64) throws(InvalidCBOR) -> Int {
        guard count <= UInt64(rest.count) / bytesEach else { throw InvalidCBOR("it breaks off") }
        return Int(count)
    }
}

/// Bytes are not CBOR as authenticators may write it.
struct InvalidCBOR: Error, Sendable, Hashable, CustomStringConvertible {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    var description: String { "the CBOR is invalid: \(reason)" }
}
