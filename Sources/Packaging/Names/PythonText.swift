// The character classes and case rules of Python's `re` and `str`, over UTF-8: the PyPA specifications are written in terms of them.

/// UTF-8 forms of Python's text rules. Everything has a fast path for ASCII.
enum PythonText {
    /// Length in bytes of the white space character at `index`, or 0 (`\s` of a Unicode pattern, `str.isspace`).
    static func whitespaceLength(_ bytes: [UInt8], at index: Int) -> Int {
        let byte = bytes[index]
        if byte < 0x80 {
            return isASCIIWhitespace(byte) ? 1 : 0
        }
        if byte == 0xC2 {
            return index + 1 < bytes.count && (bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0) ? 2 : 0
        }
        guard index + 2 < bytes.count else { return 0 }
        return isWideWhitespace(byte, bytes[index + 1], bytes[index + 2]) ? 3 : 0
    }

    /// The range of `bytes` left by `str.strip()`.
    static func stripped(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end {
            let length = whitespaceLength(bytes, at: start)
            if length == 0 { break }
            start += length
        }
        while start < end {
            let last = bytes[end - 1]
            if last < 0x80 {
                guard isASCIIWhitespace(last) else { break }
                end -= 1
            } else if end - start >= 2, bytes[end - 2] == 0xC2, last == 0x85 || last == 0xA0 {
                end -= 2
            } else if end - start >= 3, isWideWhitespace(bytes[end - 3], bytes[end - 2], last) {
                end -= 3
            } else {
                break
            }
        }
        return start..<end
    }

    static func isASCIIWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F)
    }

    private static func isWideWhitespace(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE1, 0x9A): third == 0x80
        case (0xE2, 0x80): (third >= 0x80 && third <= 0x8A) || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (0xE2, 0x81): third == 0x9F
        case (0xE3, 0x80): third == 0x80
        default: false
        }
    }

    static func isASCIIAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || isASCIILetter(byte)
    }

    static func isASCIILetter(_ byte: UInt8) -> Bool {
        let folded = byte | 0x20
        return folded >= 0x61 && folded <= 0x7A
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39
    }

    static func lowercasedASCII(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// `\w` of a Unicode pattern: `str.isalnum()` or an underscore.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            let byte = UInt8(scalar.value)
            return isASCIIAlphanumeric(byte) || byte == 0x5F
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return scalar.properties.numericType != nil
        }
    }

    /// `str.isidentifier()`.
    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        var isFirst = true
        for scalar in text.unicodeScalars {
            let allowed: Bool
            if scalar.isASCII {
                let byte = UInt8(scalar.value)
                allowed = byte == 0x5F || isASCIILetter(byte) || (!isFirst && isDigit(byte))
            } else {
                allowed = isFirst ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue
            }
            if !allowed { return false }
            isFirst = false
        }
        return !isFirst
    }

    /// `str.lower()`, with the rule that a capital sigma at the end of a word becomes a final sigma.
    static func lowercased(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar.value == 0x3A3 {
                result.append(isFinalSigma(scalars, at: index) ? "\u{3C2}" : "\u{3C3}")
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return String(result)
    }

    private static func isFinalSigma(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        guard let before, before.properties.isCased else { return false }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return !(after?.properties.isCased ?? false)
    }

    /// Equality of code points. `String.==` would also accept canonically equivalent spellings, which no packaging tool does.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// Hashes what ``isSame(_:_:)`` compares. `String`'s own hash is one for all canonically equivalent spellings, of which there can be any
    /// number: in a table of strings that differ by code points they would all meet in one place.
    static func hash(_ text: String, into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // No UTF-8 has this byte: what follows can not be taken for a part of the text.
        hasher.combine(0xFF as UInt8)
    }

    /// Order of code points, as Python sorts strings.
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Python's `needle in haystack`.
    static func contains(_ haystack: String, _ needle: String) -> Bool {
        let text = Array(haystack.utf8)
        let part = Array(needle.utf8)
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { start in text[start..<(start + part.count)].elementsEqual(part) }
    }

    /// The input as an error message shows it: quoted, escaped, cut after 100 characters.
    static func excerpt(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(100)
        return String(reflecting: String(shown)) + (shown.endIndex == text.unicodeScalars.endIndex ? "" : "…")
    }
}
