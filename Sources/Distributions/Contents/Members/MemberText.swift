// The lines of a text file, ready to be shown.

/// A text, decoded and split into lines.
public struct MemberText: Sendable, Hashable {
    /// Without their ends; `\n`, `\r\n` and `\r` end one, as for Python. Nothing in them is hidden (`VisibleText.line`).
    public let lines: [String]
    public let encoding: SourceEncoding
    /// Whether the last line has an end. False also of a text that was cut inside of a line.
    public let endsWithNewline: Bool
    /// Whether something had to be made visible. In source code there is seldom a good reason for it.
    public let hasHiddenCharacters: Bool

    /// - Parameters:
    ///   - bytes: at most some hundred kilobytes; lines of nothing but control characters take ten times as much.
    ///   - isPython: whether a declaration of another encoding counts (PEP 263).
    ///   - isCut: whether more bytes followed; a character that is not whole at the end is left out then.
    /// - Returns: nil when it is no text: it has a NUL, or is not in its encoding.
    public init?(_ bytes: [UInt8], isPython: Bool = false, isCut: Bool = false) {
        guard !bytes.contains(0) else { return nil }
        let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        var rest = isMarked ? bytes[3...] : bytes[...]
        var encoding = isMarked ? SourceEncoding.markedUTF8 : .utf8
        // Python refuses a file that is marked and declares something else.
        if isPython, !isMarked, let name = SourceEncoding.declaration(in: rest) { encoding = SourceEncoding(declared: name) }
        if encoding.character(of: 0) == nil {
            if isCut { rest = Self.withoutPartialCharacter(rest) }
            guard String(validating: rest, as: UTF8.self) != nil else { return nil }
        }

        var lines: [String] = []
        var hasHidden = false
        var start = rest.startIndex
        var index = start
        func end(at position: Int) {
            let line = rest[start..<position]
            var text = ""
            if encoding.character(of: 0) == nil {
                text = String(decoding: line, as: UTF8.self)
            } else {
                text.unicodeScalars.append(contentsOf: line.lazy.compactMap { encoding.character(of: $0) })
            }
            let visible = VisibleText.line(text)
            lines.append(visible.text)
            hasHidden = hasHidden || visible.hasHidden
        }
        while index < rest.endIndex {
            let byte = rest[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            end(at: index - 1)
            if byte == 0x0D, index < rest.endIndex, rest[index] == 0x0A { index += 1 }
            start = index
        }
        endsWithNewline = start == rest.endIndex
        if !endsWithNewline { end(at: rest.endIndex) }
        self.lines = lines
        self.encoding = encoding
        hasHiddenCharacters = hasHidden
    }

    private static func withoutPartialCharacter(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let tail = bytes.suffix(3)
        guard let lead = tail.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC0 else { return bytes }
        let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
        return length > bytes.endIndex - lead ? bytes[..<lead] : bytes
    }
}
