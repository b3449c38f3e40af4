// The one rule for a wheel's entry_points.txt (index §2.15, step 8).

enum EntryPoints {
    /// Commands become file names on every machine that installs the wheel: only letters, digits, `_`, `.` and `-` (`[\w.-]+`).
    /// - Throws: `InvalidDistribution` when it is no UTF-8 INI file, or names such a command otherwise.
    static func check(_ bytes: [UInt8], filename: String) throws(InvalidDistribution) {
        func invalid(_ reason: String) -> InvalidDistribution {
            InvalidDistribution("Wheel '\(filename)' has an invalid entry_points.txt: \(reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw invalid("it is not UTF-8") }
        var group: String?
        var hasOption = false
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            guard let first = trimmed.first, first != "#", first != ";" else { continue }
            // An indented line continues the value before it.
            if hasOption && line.first?.isWhitespace == true { continue }
            if first == "[" {
                guard let close = trimmed.firstIndex(of: "]") else { throw invalid("a group has no closing bracket") }
                group = String(trimmed[trimmed.index(after: trimmed.startIndex)..<close])
                hasOption = false
                continue
            }
            guard let group else { throw invalid("it has a line before its first group") }
            guard let equals = trimmed.firstIndex(of: "=") else { throw invalid("a line has no '='") }
            hasOption = true
            let name = trimmed[..<equals].trimmed
            guard group == "console_scripts" || group == "gui_scripts" else { continue }
            guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_.-".contains($0) }) else {
                throw invalid("'\(name)' is no name for a command")
            }
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
