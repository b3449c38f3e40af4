// A request for a page, told by its bytes.

/// What a buffer holds when it holds exactly one plain `GET` or `HEAD` (RFC 9112), and nothing else.
///
/// This is no HTTP parser: whatever is unusual is left to the framework's, which alone decides about it.
struct PlainRequest: Equatable {
    /// What the bytes are.
    enum Reading: Equatable {
        /// A request that says nothing but what this type can hold.
        case plain(PlainRequest)
        /// One whole request without a body, that asks for more than a page.
        case whole
        /// The beginning of a request, several requests, a body, or nothing that is known here.
        case other
    }

    var isHead: Bool
    /// Positions in the buffer: a path without query, escapes or anything else to be decoded.
    var target = 0..<0
    /// What the client calls the site.
    var host = 0..<0
    /// The values of the headers that choose; `nil` for those that are absent.
    var accept: Range<Int>?
    var acceptEncoding: Range<Int>?
    var acceptLanguage: Range<Int>?
    /// Who asks, as it says itself.
    var userAgent: Range<Int>?
    var ifNoneMatch: Range<Int>?
    /// Whether there are cookies, of any kind.
    var hasCookie = false
    /// What the client calls this request.
    var requestID: Range<Int>?
    /// Whether the connection ends with the response.
    var closes = false

    /// More than any client sends for a page.
    private static let longest = 8 << 10

    /// - Parameter last: the request before on the same connection: what it said again need not be read again.
    static func read(_ bytes: UnsafeRawBufferPointer, after last: LastHead = LastHead()) -> Reading {
        let count = bytes.count
        guard count >= 18, count <= longest else { return .other }
        var request: PlainRequest
        var position: Int
        if starts(bytes, 0, "GET /") {
            request = PlainRequest(isHead: false)
            position = 4
        } else if starts(bytes, 0, "HEAD /") {
            request = PlainRequest(isHead: true)
            position = 5
        } else {
            return .other
        }
        var isPlain = true
        let start = position
        while position < count, bytes[position] != UInt8(ascii: " ") {
            switch targetClass[Int(bytes[position])] {
            case 0: return .other
            case 1: isPlain = false
            default: break
            }
            position += 1
        }
        request.target = start..<position
        if isPlain, last.isRepeated(by: UnsafeRawBufferPointer(rebasing: bytes[position...])) {
            return .plain(last.request.asking(for: request.target, isHead: request.isHead))
        }
        guard starts(bytes, position, " HTTP/1.1\r\n") else { return .other }
        position += 11
        var hosts = 0
        while true {
            guard position + 1 < count else { return .other }
            if bytes[position] == 0x0D {
                // The empty line must be the end of the buffer.
                guard bytes[position + 1] == 0x0A, position + 2 == count, hosts == 1 else { return .other }
                return isPlain ? .plain(request) : .whole
            }
            let nameStart = position
            while position < count, nameClass[Int(bytes[position])] { position += 1 }
            guard position > nameStart, position < count, bytes[position] == UInt8(ascii: ":") else { return .other }
            let name = nameStart..<position
            position += 1
            while position < count, isBlank(bytes[position]) { position += 1 }
            var value = position..<position
            while position < count, bytes[position] != 0x0D {
                let byte = bytes[position]
                guard byte >= 0x20 && byte < 0x7F || byte == 0x09 else { return .other }
                position += 1
                if !isBlank(byte) { value = value.lowerBound..<position }
            }
            guard position + 1 < count, bytes[position + 1] == 0x0A else { return .other }
            position += 2
            switch request.take(bytes, name, value) {
            case .host:
                hosts += 1
                request.host = value
            case .known: break
            case .unusual: isPlain = false
            case .framing: return .other
            }
        }
    }

    /// The same headers behind another target.
    private func asking(for target: Range<Int>, isHead: Bool) -> PlainRequest {
        let distance = target.upperBound - self.target.upperBound
        func move(_ range: Range<Int>?) -> Range<Int>? { range.map { $0.lowerBound + distance..<$0.upperBound + distance } }
        var other = self
        other.isHead = isHead
        other.target = target
        guard distance != 0 else { return other }
        other.host = host.lowerBound + distance..<host.upperBound + distance
        other.accept = move(accept)
        other.acceptEncoding = move(acceptEncoding)
        other.userAgent = move(userAgent)
        other.acceptLanguage = move(acceptLanguage)
        other.ifNoneMatch = move(ifNoneMatch)
        other.requestID = move(requestID)
        return other
    }

    private enum Header {
        case host
        case known
        /// The answer depends on it.
        case unusual
        /// It says how the request is framed or what becomes of the connection.
        case framing
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>, _ value: Range<Int>) -> Header {
        func isCalled(_ text: StaticString) -> Bool { Self.matches(bytes, name, text) }
        /// A second line of the same name is for the framework to join.
        func keep(_ field: inout Range<Int>?) -> Header {
            guard field == nil else { return .unusual }
            field = value
            return .known
        }
        switch name.count {
        case 2: return isCalled("te") ? .framing : .known
        case 4: return isCalled("host") ? .host : .known
        case 5: return isCalled("range") ? .unusual : .known
        case 6:
            if isCalled("accept") { return keep(&accept) }
            if isCalled("cookie") { hasCookie = true }
            return isCalled("expect") ? .framing : .known
        case 7: return isCalled("upgrade") || isCalled("trailer") ? .framing : .known
        case 8: return isCalled("if-range") || isCalled("if-match") ? .unusual : .known
        case 10:
            guard isCalled("connection") else { return isCalled("user-agent") ? keep(&userAgent) : .known }
            if Self.matches(bytes, value, "keep-alive") { return .known }
            guard Self.matches(bytes, value, "close"), !closes else { return .framing }
            closes = true
            return .known
        case 12: return isCalled("x-request-id") ? keep(&requestID) : .known
        case 13: return isCalled("if-none-match") ? keep(&ifNoneMatch) : .known
        case 14: return isCalled("content-length") || isCalled("http2-settings") ? .framing : .known
        case 15:
            if isCalled("accept-language") { return keep(&acceptLanguage) }
            return isCalled("accept-encoding") ? keep(&acceptEncoding) : .known
        case 16: return isCalled("proxy-connection") ? .framing : .known
        case 17: return isCalled("transfer-encoding") ? .framing : isCalled("if-modified-since") ? .unusual : .known
        case 19: return isCalled("if-unmodified-since") ? .unusual : .known
        default: return .known
        }
    }

    // MARK: Bytes

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func starts(_ bytes: UnsafeRawBufferPointer, _ position: Int, _ text: StaticString) -> Bool {
        guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// Whether the bytes are this lower-case text, in any case.
    private static func matches(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let byte = bytes[range.lowerBound + offset]
            let lower = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            if lower != text.utf8Start[offset] { return false }
        }
        return true
    }

    /// 2 for what stands for itself in a path, 1 for what has to be looked at (a query, an escape), 0 for what has no place in a target.
    private static let targetClass: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): 2
        case let byte where "-._~/+!@:,=".utf8.contains(byte): 2
        case 0x21...0x7E: 1
        default: 0
        }
    }

    /// The bytes of a token (RFC 9110 §5.6.2).
    private static let nameClass: [Bool] = (0...255).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case let byte: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
