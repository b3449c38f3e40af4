// The RFC 822 form of metadata: header lines, an empty line, a body.

/// Splits a METADATA file into headers and body by the rules of Python's `email` package, on which every reader of such files rests:
/// it never fails, and the first line that is no header starts the body.
struct MetadataMessage {
    /// Decoded bytes.
    struct Text {
        let text: String

        /// False when the bytes were no UTF-8 and were read as Latin-1 instead.
        let isUTF8: Bool

        init(_ bytes: some Collection<UInt8>) {
            if let text = String(validating: bytes, as: UTF8.self) {
                self.text = text
                isUTF8 = true
            } else {
                text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
                isUTF8 = false
            }
        }
    }

    /// Names in lower case, with each value's inner line ends kept.
    private(set) var headers: [(name: String, value: Text)] = []
    private(set) var body = Text([])

    init(_ bytes: [UInt8]) {
        let lines = Self.lines(of: bytes)
        var index = 0
        while index < lines.count, Self.isHeaderLine(bytes[lines[index]]) { index += 1 }
        let envelope = readHeaders(bytes, lines[..<index])
        // The empty line between headers and body belongs to neither.
        if index < lines.count, Self.isLineEnd(bytes[lines[index].lowerBound]) { index += 1 }
        let rest = index < lines.count ? bytes[lines[index].lowerBound...] : []
        body = Text(envelope.map { bytes[lines[$0]] + rest } ?? rest)
    }

    /// Returns the line that looked like a header's and is the body's first.
    private mutating func readHeaders(_ bytes: [UInt8], _ lines: ArraySlice<Range<Int>>) -> Int? {
        var current: (name: Range<Int>, value: Range<Int>)?
        for (number, line) in zip(lines.indices, lines) {
            if bytes[line.lowerBound] == 0x20 || bytes[line.lowerBound] == 0x09 {
                if let open = current { current = (open.name, open.value.lowerBound..<line.upperBound) }
                continue
            }
            if let open = current { append(bytes, open) }
            current = nil
            if bytes[line].starts(with: "From ".utf8) {
                // An envelope line: ignored, except that the last line may be a body's first.
                if number > lines.startIndex, number == lines.endIndex - 1 { return number }
                continue
            }
            let colon = bytes[line].firstIndex(of: UInt8(ascii: ":"))!
            if colon > line.lowerBound { current = (line.lowerBound..<colon, (colon + 1)..<line.upperBound) }
        }
        if let open = current { append(bytes, open) }
        return nil
    }

    private mutating func append(_ bytes: [UInt8], _ header: (name: Range<Int>, value: Range<Int>)) {
        let name = String(decoding: bytes[header.name], as: UTF8.self).lowercased()
        let start = bytes[header.value].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? header.value.upperBound
        let end = bytes[start..<header.value.upperBound].lastIndex { !Self.isLineEnd($0) }.map { $0 + 1 } ?? start
        headers.append((name, Text(bytes[start..<end])))
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D
    }

    /// `Name:` of printable characters, a continuation, or an envelope line.
    private static func isHeaderLine(_ line: ArraySlice<UInt8>) -> Bool {
        if line.first == 0x20 || line.first == 0x09 || line.starts(with: "From ".utf8) { return true }
        for byte in line {
            if byte == UInt8(ascii: ":") { return true }
            guard byte > 0x20, byte < 0x7F else { return false }
        }
        return false
    }

    /// Lines with their ends; CR, LF and CRLF each end one.
    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard isLineEnd(byte) else { continue }
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            lines.append(start..<index)
            start = index
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        return lines
    }
}
