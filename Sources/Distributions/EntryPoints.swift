// The one rule for a wheel's entry_points.txt (index §2.15, step 8).

enum EntryPoints {
    /// Commands become file names on every machine that installs the wheel: only letters, digits, `_`, `.` and `-` (`[\w.-]+`).
    ///
    /// Installers read the file in two ways: with Python's `configparser`, where a line continues a value that is indented deeper than the
    /// line that value began on, and `;` begins a comment,
    /// and with `importlib.metadata`, which takes off all indentation and knows only `#`. A name must be right in both. Like them this goes
    /// by scalars: to `Character` a bracket with an accent is no bracket.
    /// - Throws: `InvalidDistribution` when it is no UTF-8 INI file, or names such a command otherwise.
    static func check(_ bytes: [UInt8], filename: String) throws(InvalidDistribution) {
        func invalid(_ reason: String) -> InvalidDistribution {
            InvalidDistribution("Wheel '\(filename)' has an invalid entry_points.txt: \(reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw invalid("it is not UTF-8") }
        let scalars = text.unicodeScalars
        guard !zip(scalars, scalars.dropFirst() + ["\n"]).contains(where: isForeign) else {
            throw invalid("it has a control character, or a line end of its own kind")
        }
        var group: String?
        var groups: Set<String> = []
        var names: Set<String> = []
        var hasOption = false
        // Of the last line that continued nothing.
        var indentation = 0
        for line in scalars.split(separator: "\n") {
            let trimmed = line.trimmed
            guard let first = trimmed.first, first != "#" else { continue }
            let isComment = first == ";"
            let depth = line.prefix { $0.properties.isWhitespace }.count
            let isContinuation = hasOption && depth > indentation
            if !isContinuation, !isComment { indentation = depth }
            if first == "[" {
                guard !isContinuation else { throw invalid("a group is indented like the value before it") }
                let name = try groupName(trimmed, invalid)
                // `configparser` gives what stands under DEFAULT to every group.
                if !groups.insert(name).inserted, isOfCommands(name) { throw invalid("the group '\(name)' is there twice") }
                group = name
                hasOption = false
                continue
            }
            guard let group else {
                if isComment { continue }
                throw invalid("it has a line before its first group")
            }
            guard let equals = trimmed.firstIndex(of: "=") else {
                if isComment || isContinuation { continue }
                throw invalid("a line has no '='")
            }
            if !isComment, !isContinuation { hasOption = true }
            guard isOfCommands(group) else { continue }
            let name = trimmed[..<equals].drop { isComment && ($0 == ";" || $0.properties.isWhitespace) }.trimmed
            guard isCommandName(name) else { throw invalid("'\(String(name))' is no name for a command") }
            guard isComment || names.insert("\(group)/\(String(name))").inserted else {
                throw invalid("the command '\(String(name))' is there twice")
            }
        }
    }

    /// What ends a line for one reader and not for the other, or should not be in a text at all. Only `\n` and `\r\n` are lines to both.
    private static func isForeign(_ scalar: Unicode.Scalar, before next: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\t": false
        case "\r": next != "\n"
        default: scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
        }
    }

    private static func groupName(
        _ line: Substring.UnicodeScalarView,
        _ invalid: (String) -> InvalidDistribution
    ) throws(InvalidDistribution) -> String {
        guard line.contains("]") else { throw invalid("a group has no closing bracket") }
        let name = line.dropFirst().dropLast()
        guard line.last == "]", !name.contains("["), !name.contains("]") else { throw invalid("a group is followed by something on its line") }
        return String(name.trimmed)
    }

    private static func isOfCommands(_ group: String) -> Bool { ["console_scripts", "gui_scripts", "DEFAULT"].contains(group) }

    private static func isCommandName(_ name: Substring.UnicodeScalarView) -> Bool {
        !name.isEmpty
            && name.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
                case .decimalNumber, .letterNumber, .otherNumber: true
                default: scalar == "_" || scalar == "." || scalar == "-"
                }
            }
    }
}

extension Substring.UnicodeScalarView {
    fileprivate var trimmed: Substring.UnicodeScalarView {
        let start = firstIndex { !$0.properties.isWhitespace } ?? endIndex
        guard let last = self[start...].lastIndex(where: { !$0.properties.isWhitespace }) else { return self[endIndex...] }
        return self[start...last]
    }
}
