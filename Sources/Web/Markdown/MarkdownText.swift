/// Text of others in a Markdown document (CommonMark): it stays text.
enum MarkdownText {
    /// On one line, with everything that means something escaped.
    static func line(_ text: String) -> String {
        var line = ""
        for character in oneLine(text) {
            if "\\`*_{}[]()<>#+-.!|~&".contains(character) { line.append("\\") }
            line.append(character)
        }
        return line
    }

    /// As code within a line.
    static func code(_ text: String) -> String {
        let text = oneLine(text)
        let ticks = String(repeating: "`", count: longestRun(in: text) + 1)
        let space = text.first == "`" || text.last == "`" || text.isEmpty ? " " : ""
        return "\(ticks)\(space)\(text)\(space)\(ticks)"
    }

    /// As a block of code that nothing in it can end.
    static func block(_ text: String, language: StaticString = "") -> String {
        let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
        return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
    }

    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control || "\u{2028}\u{2029}".unicodeScalars.contains($0) ? " " : $0 }
            )
        )
    }

    /// Of backticks.
    private static func longestRun(in text: String) -> Int {
        var (longest, run) = (0, 0)
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
