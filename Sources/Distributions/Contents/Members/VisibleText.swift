// Text of strangers, so written that nothing in it is hidden or acts on what surrounds it.

/// Replaces what a reader can not see, or what changes how other text is seen (control characters, direction marks, fillers of no width).
///
/// HTML is escaped elsewhere: the results may have any visible character.
public enum VisibleText {
    /// A member's path, on one line and in the order of its characters. Two paths never have the same: what is replaced begins with a
    /// backslash, which is doubled where a path has one: `\u{7}` is a character, `\xE9` a byte of a name that is not UTF-8.
    public static func path(_ raw: String) -> String {
        guard raw.utf8.contains(where: { !(0x20..<0x7F).contains($0) || $0 == UInt8(ascii: "\\") }) else { return raw }
        var text = ""
        for scalar in raw.unicodeScalars {
            if scalar == "\\" {
                text += "\\\\"
            } else if let byte = ForeignName.byte(of: scalar) {
                text += "\\x\(String(byte, radix: 16, uppercase: true))"
            } else if scalar == "\t" || isHidden(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// One line of a text. Tabs stay; control characters become their pictures (U+2400…), everything else hidden its number in brackets.
    public static func line(_ raw: String) -> (text: String, hasHidden: Bool) {
        guard raw.utf8.contains(where: { !(0x20..<0x7F).contains($0) && $0 != 0x09 }) else { return (raw, false) }
        var text = ""
        var hasHidden = false
        for scalar in raw.unicodeScalars {
            guard scalar != "\t", isHidden(scalar) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            hasHidden = true
            switch scalar.value {
            case 0..<0x20: text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
            case 0x7F: text += "\u{2421}"
            default: text += "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩"
            }
        }
        return (text, hasHidden)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        // Chooses the coloured form of the character before it, and is in every second README.
        if scalar.value == 0xFE0F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
