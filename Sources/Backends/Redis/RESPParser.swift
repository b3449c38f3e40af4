// Reads RESP as it comes in.

/// Makes values of bytes, however they are cut into pieces; every byte is looked at once. Does no IO.
///
/// RESP2 and RESP3 (Redis's "serialization protocol specification"). Attributes are read and left out.
public struct RESPParser: Sendable {
    /// What one value may take, so that whoever is at the other end can not exhaust memory.
    public struct Limits: Sendable {
        /// How deep values may be nested.
        public var depth = 16
        /// How many values one value may be made of, at every depth together.
        public var elements = 1 << 18
        /// How many bytes of strings, numbers and lengths it may have.
        public var bytes = 64 << 20
        /// How long a line may be: a status, an error, a number.
        public var lineBytes = 64 << 10

        public init() {}
    }

    /// An aggregate whose elements are still coming in.
    private struct Frame {
        let kind: UInt8
        var missing: Int
        var values: [RESPValue] = []
    }

    private enum Expected {
        case line
        /// The rest of a string and the line's end behind it.
        case string(kind: UInt8, missing: Int)
    }

    private let limits: Limits
    private var expected = Expected.line
    /// What has come in of the line or the string.
    private var partial: [UInt8] = []
    private var frames: [Frame] = []
    private var elements = 0
    private var bytes = 0

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether all that came in was whole values.
    public var isBetweenValues: Bool {
        guard case .line = expected else { return false }
        return frames.isEmpty && partial.isEmpty && elements == 0
    }

    /// Reads some more.
    ///
    /// - Parameter body: is handed each value that is whole now.
    /// - Throws: `RESPFault`; the parser is of no use afterwards.
    public mutating func consume(_ input: UnsafeRawBufferPointer, _ body: (RESPValue) -> Void) throws(RESPFault) {
        var rest = input[...]
        while !rest.isEmpty {
            switch expected {
            case .line:
                guard let end = rest.firstIndex(of: 0x0A) else {
                    partial.append(contentsOf: rest)
                    guard partial.count <= limits.lineBytes else { throw .tooManyBytes(limit: limits.lineBytes) }
                    return
                }
                let piece = rest[..<end]
                rest = rest[(end + 1)...]
                guard partial.count + piece.count <= limits.lineBytes else { throw .tooManyBytes(limit: limits.lineBytes) }
                if partial.isEmpty {
                    try readLine(UnsafeRawBufferPointer(rebasing: piece), body)
                } else {
                    partial.append(contentsOf: piece)
                    let line = partial
                    partial.removeAll(keepingCapacity: true)
                    try line.withUnsafeBufferPointer { (bytes) throws(RESPFault) in try readLine(UnsafeRawBufferPointer(bytes), body) }
                }
            case .string(let kind, let missing):
                let piece = rest.prefix(missing)
                partial.append(contentsOf: piece)
                rest = rest[piece.endIndex...]
                guard piece.count == missing else {
                    expected = .string(kind: kind, missing: missing - piece.count)
                    return
                }
                guard partial.suffix(2).elementsEqual([0x0D, 0x0A]) else { throw .unterminatedString }
                partial.removeLast(2)
                let string = partial
                partial = []
                expected = .line
                try complete(try Self.string(kind, string), body)
            }
        }
    }

    /// The same of an array.
    public mutating func consume(_ input: ArraySlice<UInt8>, _ body: (RESPValue) -> Void) throws(RESPFault) {
        try input.withUnsafeBufferPointer { (bytes) throws(RESPFault) in try consume(UnsafeRawBufferPointer(bytes), body) }
    }

    private mutating func readLine(_ line: UnsafeRawBufferPointer, _ body: (RESPValue) -> Void) throws(RESPFault) {
        guard let kind = line.first else { throw .invalidLine(kind: 0x0A) }
        guard line.count >= 2, line[line.count - 1] == 0x0D else { throw .invalidLine(kind: kind) }
        let content = UnsafeRawBufferPointer(rebasing: line[1..<(line.count - 1)])
        try count(1, line.count)
        switch kind {
        case UInt8(ascii: "+"): try complete(.simple(try Self.text(content, kind)), body)
        case UInt8(ascii: "-"): try complete(.error(RESPError(try Self.text(content, kind))), body)
        case UInt8(ascii: ":"): try complete(.integer(try Self.number(content, kind)), body)
        case UInt8(ascii: "_"):
            guard content.isEmpty else { throw .invalidLine(kind: kind) }
            try complete(.null, body)
        case UInt8(ascii: "#"):
            guard content.count == 1, content[0] == UInt8(ascii: "t") || content[0] == UInt8(ascii: "f") else { throw .invalidLine(kind: kind) }
            try complete(.boolean(content[0] == UInt8(ascii: "t")), body)
        case UInt8(ascii: ","): try complete(.double(try Self.double(content)), body)
        case UInt8(ascii: "("): try complete(.bigNumber(try Self.bigNumber(content)), body)
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"): try beginString(kind, content, body)
        case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "|"): try beginAggregate(kind, content, body)
        default: throw .unknownKind(kind)
        }
    }

    private mutating func beginString(_ kind: UInt8, _ content: UnsafeRawBufferPointer, _ body: (RESPValue) -> Void) throws(RESPFault) {
        if content.elementsEqual("?".utf8) { throw .streamed }
        let length = try Self.number(content, kind)
        if length == -1, kind == UInt8(ascii: "$") { return try complete(.null, body) }
        guard length >= 0 else { throw .invalidLine(kind: kind) }
        guard length <= limits.bytes else { throw .tooManyBytes(limit: limits.bytes) }
        try count(0, Int(length))
        // Room for what was announced, but never for more than may well come.
        partial.reserveCapacity(min(Int(length), 64 << 10) + 2)
        expected = .string(kind: kind, missing: Int(length) + 2)
    }

    private mutating func beginAggregate(_ kind: UInt8, _ content: UnsafeRawBufferPointer, _ body: (RESPValue) -> Void) throws(RESPFault) {
        if content.elementsEqual("?".utf8) { throw .streamed }
        let length = try Self.number(content, kind)
        if length == -1, kind == UInt8(ascii: "*") { return try complete(.null, body) }
        guard length >= 0 else { throw .invalidLine(kind: kind) }
        let isPaired = kind == UInt8(ascii: "%") || kind == UInt8(ascii: "|")
        // The value itself is no element of its own.
        guard length <= (limits.elements + 1 - elements) / (isPaired ? 2 : 1) else { throw .tooManyElements(limit: limits.elements) }
        if kind == UInt8(ascii: ">"), !frames.isEmpty { throw .nestedPush }
        guard frames.count < limits.depth else { throw .tooDeep(limit: limits.depth) }
        let frame = Frame(kind: kind, missing: Int(length) * (isPaired ? 2 : 1))
        if frame.missing > 0 {
            frames.append(frame)
        } else if let value = Self.aggregate(frame.kind, frame.values) {
            try complete(value, body)
        }
    }

    private mutating func count(_ values: Int, _ more: Int) throws(RESPFault) {
        elements += values
        bytes += more
        guard elements <= limits.elements + 1 else { throw .tooManyElements(limit: limits.elements) }
        guard bytes <= limits.bytes else { throw .tooManyBytes(limit: limits.bytes) }
    }

    /// A value is whole, and with it perhaps those that it is the last element of.
    private mutating func complete(_ value: RESPValue, _ body: (RESPValue) -> Void) throws(RESPFault) {
        var value = value
        while !frames.isEmpty {
            frames[frames.count - 1].values.append(value)
            frames[frames.count - 1].missing -= 1
            guard frames[frames.count - 1].missing == 0 else { return }
            // An attribute is no value: the one it speaks of is still to come.
            let frame = frames.removeLast()
            guard let whole = Self.aggregate(frame.kind, frame.values) else { return }
            value = whole
        }
        elements = 0
        bytes = 0
        body(value)
    }
}
