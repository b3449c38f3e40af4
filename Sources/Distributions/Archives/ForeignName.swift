// Names of archive members that are not UTF-8.

enum ForeignName {
    /// The name's bytes as a text: those that are not ASCII become characters at the end of Unicode that nobody uses (U+10FF80 to U+10FFFF).
    /// Two names have the same text only if somebody does use them.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text.unicodeScalars.append(byte < 0x80 ? Unicode.Scalar(byte) : Unicode.Scalar(0x10FF00 + UInt32(byte)) ?? "?") }
        return text
    }

    /// The byte that a character stands for; nil for all others.
    static func byte(of scalar: Unicode.Scalar) -> UInt8? { scalar.value >= 0x10FF80 ? UInt8(truncatingIfNeeded: scalar.value) : nil }

    /// - Returns: nil for what is not UTF-8, unless the limits allow it.
    static func decode(_ bytes: ArraySlice<UInt8>, limits: ArchiveLimits) -> (name: String, isForeign: Bool)? {
        if let name = String(validating: bytes, as: UTF8.self) { return (name, false) }
        return limits.allowsForeignNames ? (text(bytes), true) : nil
    }
}
