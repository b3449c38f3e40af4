// The five characters that mean something in HTML text and quoted attribute values.

extension HTML {
    /// Appends text with `& < > " '` replaced by character references. NUL, which HTML forbids, becomes U+FFFD.
    static func appendEscaped(_ text: some StringProtocol, to result: inout String) {
        let text = String(text)
        var rest = Substring(text).utf8
        // Runs between special bytes are appended whole: most text has none. Bytes, not characters: a combining mark must not hide a `<`.
        while let special = rest.firstIndex(where: isSpecial) {
            result += Substring(rest[..<special])
            result += reference(for: rest[special])
            rest = rest[rest.index(after: special)...]
        }
        result += Substring(rest)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: ">")
            && (byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"")
                || byte == UInt8(ascii: "'") || byte == 0)
    }

    private static func reference(for byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#x27;"
        default: "\u{FFFD}"
        }
    }
}
