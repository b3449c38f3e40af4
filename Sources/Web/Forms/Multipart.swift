// A streaming parser for multipart/form-data bodies (RFC 7578, RFC 2046 §5.1). No I/O: bytes in, events out.

/// Fed with the body in chunks of any size; tells the parts as they arrive.
///
/// Part data is passed on where it lies in the chunk; no more than one delimiter's length is ever held back. Nothing but the standard library is used.
struct MultipartParser {
    struct Limits: Sendable {
        /// The most parts.
        var parts = 10_000
        /// The most bytes in the headers of one part.
        var headerBytes = 16 * 1024
        /// The most bytes before the first boundary.
        var preambleBytes = 4096
    }

    enum Event {
        case partBegan(MultipartPart)
        /// More content of the part. The memory is valid only during the call.
        case partData(UnsafeRawBufferPointer)
        case partEnded
        /// The closing boundary was seen; whatever follows is ignored.
        case finished
    }

    private enum State {
        case preamble
        /// Behind a boundary: `--`, or spaces and the end of the line.
        case boundaryLine
        case headers
        case data
        case finished
    }

    private static let cr = UInt8(ascii: "\r")
    private static let lf = UInt8(ascii: "\n")

    private let limits: Limits
    /// CR LF `--` and the boundary. CR cannot occur in a boundary, so a delimiter can begin only at a CR and never within another.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// How much of the delimiter the bytes before the current position have matched.
    private var matched = 2
    /// How many of the matched bytes are not content: the line end before the body, or the one that ends the headers.
    private var borrowed = 2
    private var collected: [UInt8] = []
    private var partCount = 0
    private var preambleCount = 0

    /// - Parameter boundary: as `MultipartParser.boundary(inContentType:)` returned it.
    init(boundary: String, limits: Limits = Limits()) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    /// Takes the next chunk.
    /// - Throws: `InvalidMultipart`, or whatever `body` throws; the parser is of no use afterwards.
    mutating func consume(_ chunk: UnsafeRawBufferPointer, _ body: (Event) throws -> Void) throws {
        var position = 0
        while position < chunk.count {
            switch state {
            case .preamble, .data: try search(chunk, &position, body)
            case .boundaryLine: try boundaryLine(chunk, &position, body)
            case .headers: try headers(chunk, &position, body)
            case .finished: return
            }
        }
    }

    mutating func consume(_ chunk: ArraySlice<UInt8>, _ body: (Event) throws -> Void) throws {
        try chunk.withUnsafeBytes { try consume($0, body) }
    }

    /// To be called at the end of the body.
    /// - Throws: `InvalidMultipart` (`.truncated`) when the closing boundary has not been seen.
    func finish() throws(InvalidMultipart) {
        guard case .finished = state else { throw InvalidMultipart(.truncated, "the form ends before its closing boundary") }
    }

    /// Looks for the delimiter; what comes before it is content (or preamble).
    private mutating func search(_ chunk: UnsafeRawBufferPointer, _ position: inout Int, _ body: (Event) throws -> Void) throws {
        if matched > 0 {
            let end = matchLength(chunk, at: position)
            matched += end
            if matched == delimiter.count {
                position += end
                return try delimiterFound(body)
            }
            if position + end == chunk.count {
                position = chunk.count
                return
            }
            // It was content after all. The bytes matched in this chunk have no CR among them unless nothing was matched before.
            let held = delimiter[borrowed..<max(borrowed, matched - end)]
            try held.withUnsafeBytes { try pass($0, body) }
            forget()
        }
        let start = position
        while let candidate = Self.firstCR(in: chunk, from: position) {
            let length = matchLength(chunk, at: candidate)
            if length == delimiter.count || candidate + length == chunk.count {
                try pass(UnsafeRawBufferPointer(rebasing: chunk[start..<candidate]), body)
                position = candidate + length
                matched = length
                if length == delimiter.count { try delimiterFound(body) }
                return
            }
            position = candidate + 1
        }
        try pass(UnsafeRawBufferPointer(rebasing: chunk[start...]), body)
        position = chunk.count
    }

    /// How many bytes from `position` on continue the delimiter where `matched` left it.
    private func matchLength(_ chunk: UnsafeRawBufferPointer, at position: Int) -> Int {
        let most = min(chunk.count - position, delimiter.count - matched)
        return delimiter.withUnsafeBufferPointer { delimiter in
            var length = 0
            while length < most && chunk[position + length] == delimiter[matched + length] { length += 1 }
            return length
        }
    }

    private mutating func forget() {
        matched = 0
        borrowed = 0
    }

    private mutating func pass(_ bytes: UnsafeRawBufferPointer, _ body: (Event) throws -> Void) throws {
        guard bytes.count > 0 else { return }
        if case .data = state { return try body(.partData(bytes)) }
        preambleCount += bytes.count
        guard preambleCount <= limits.preambleBytes else { throw InvalidMultipart(.tooLarge, "the form does not begin with its boundary") }
    }

    private mutating func delimiterFound(_ body: (Event) throws -> Void) throws {
        if case .data = state { try body(.partEnded) }
        forget()
        collected.removeAll(keepingCapacity: true)
        state = .boundaryLine
    }

    private mutating func boundaryLine(_ chunk: UnsafeRawBufferPointer, _ position: inout Int, _ body: (Event) throws -> Void) throws {
        while position < chunk.count {
            collected.append(chunk[position])
            position += 1
            if collected.elementsEqual("--".utf8) {
                state = .finished
                return try body(.finished)
            }
            if collected.last == Self.lf && collected.count >= 2 && collected[collected.count - 2] == Self.cr {
                collected.removeAll(keepingCapacity: true)
                partCount += 1
                guard partCount <= limits.parts else { throw InvalidMultipart(.tooLarge, "the form has more than \(limits.parts) parts") }
                state = .headers
                return
            }
            // Spaces and tabs may follow a boundary; 128 of them are more than any gateway adds.
            let isLineEnd = collected.last == Self.cr && !collected.dropLast().contains(Self.cr)
            let isPadding = (collected.last == 0x20 || collected.last == 0x09) && !collected.contains { $0 != 0x20 && $0 != 0x09 }
            let isFirstDash = collected.elementsEqual("-".utf8)
            guard isLineEnd || isPadding || isFirstDash, collected.count <= 128, collected.first != UInt8(ascii: "-") || isFirstDash else {
                throw InvalidMultipart(.malformed, "something follows a boundary of the form on its line")
            }
        }
    }

    private mutating func headers(_ chunk: UnsafeRawBufferPointer, _ position: inout Int, _ body: (Event) throws -> Void) throws {
        while position < chunk.count {
            collected.append(chunk[position])
            position += 1
            guard collected.count <= limits.headerBytes else {
                throw InvalidMultipart(.tooLarge, "a part of the form has more than \(limits.headerBytes) bytes of headers")
            }
            guard collected.last == Self.lf, collected.count == 2 || collected.suffix(4).elementsEqual("\r\n\r\n".utf8) else { continue }
            try body(.partBegan(try MultipartPart(headerBlock: collected.dropLast(2))))
            collected.removeAll(keepingCapacity: true)
            state = .data
            // A part without content may end right here: the line end of the headers is then also that of the delimiter.
            matched = 2
            borrowed = 2
            return
        }
    }

    /// Eight bytes at a time: a byte of `word` that equals CR is zero in `word ^ pattern`, and a zero byte sets its top bit in the expression below.
    private static func firstCR(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let pattern: UInt64 = 0x0D0D_0D0D_0D0D_0D0D
        var position = start
        while position + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ pattern
            let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if zeros != 0 { return position + zeros.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < bytes.count {
            if bytes[position] == cr { return position }
            position += 1
        }
        return nil
    }
}

/// Why a body is no acceptable form.
struct InvalidMultipart: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable {
        case malformed
        /// One of the limits was exceeded.
        case tooLarge
        /// The body ended before the closing boundary.
        case truncated
    }

    let kind: Kind
    /// One clause for people, without a final stop.
    let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    var description: String { message }
}
