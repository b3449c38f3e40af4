// The two texts in a wheel that are looked into: RECORD and entry_points.txt.

#if !FUZZING
@testable import Distributions
#endif

/// Rows come back when they are written as CSV.
@Sendable func brokenRecord(_ bytes: [UInt8]) -> String? {
    guard let rows = try? RecordRow.rows(of: bytes, limit: 50) else { return nil }
    guard rows.count <= 50 else { return "more rows than allowed" }
    guard rows.count <= bytes.count else { return "rows out of nothing" }
    var text: [UInt8] = []
    for row in rows {
        guard !row.path.utf8.contains(UInt8(ascii: "\\")) else { return "a backslash is left in \(row.path)" }
        let hash = row.algorithm.map { row.digest.isEmpty ? "\($0)=" : "\($0)=\(row.digest)" } ?? ""
        for field in [row.path, hash, row.size ?? ""] {
            // Byte by byte: to `String` a quote with an accent is no quote.
            text.append(0x22)
            for byte in field.utf8 { text += byte == 0x22 ? [byte, byte] : [byte] }
            text += [0x22, 0x2C]
        }
        text += [0x0D, 0x0A]
    }
    guard let again = try? RecordRow.rows(of: text, limit: 50) else { return "written rows can not be read" }
    guard again == rows else { return "written rows read otherwise" }
    return nil
}

/// What passes has only harmless commands for both of the readers that installers use.
@Sendable func brokenEntryPoints(_ bytes: [UInt8]) -> String? {
    guard (try? EntryPoints.check(bytes, filename: "a-1-py3-none-any.whl")) != nil else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    for name in importlibCommands(text) where isDangerous(name) { return "importlib.metadata reads the command '\(name)'" }
    for name in configparserCommands(text) where isDangerous(name) { return "configparser reads the command '\(name)'" }
    return nil
}

/// With a slash, a backslash or a control character a name is a path, or worse. (A tab can come behind the `;` that only one reader skips.)
private func isDangerous(_ name: String) -> Bool {
    name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 32 && $0 != "\t" || $0.value == 127 }
}

private let pythonLineEnds: Set<Unicode.Scalar> = [
    "\n", "\r", "\u{0B}", "\u{0C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
]

private func lines(_ text: String, endingAt isEnd: (Unicode.Scalar) -> Bool) -> [String] {
    text.unicodeScalars.split(omittingEmptySubsequences: true, whereSeparator: isEnd).map { String(String.UnicodeScalarView($0)) }
}

private func stripped(_ text: some StringProtocol) -> String {
    var scalars = Array(text.unicodeScalars)
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars.drop { $0.properties.isWhitespace }))
}

/// All lines stripped, `#` for comments, a group in brackets.
private func importlibCommands(_ text: String) -> [String] {
    var names: [String] = []
    var group = ""
    for line in lines(text, endingAt: pythonLineEnds.contains).map(stripped) where !line.isEmpty && line.unicodeScalars.first != "#" {
        let scalars = line.unicodeScalars
        if scalars.first == "[", scalars.last == "]" {
            group = String(scalars.dropFirst().dropLast())
        } else if group == "console_scripts" || group == "gui_scripts", let equals = line.unicodeScalars.firstIndex(of: "=") {
            names.append(stripped(line[..<equals]))
        }
    }
    return names
}

/// Line feeds only, lines indented deeper than the one an option began on continue it, `;` comments, anything behind the bracket ignored, DEFAULT given to every group.
private func configparserCommands(_ text: String) -> [String] {
    var names: [String] = []
    var group = ""
    var hasOption = false
    var indentation = 0
    for line in lines(text, endingAt: { $0 == "\n" }) {
        let value = stripped(line)
        guard let first = value.unicodeScalars.first, first != "#", first != ";" else { continue }
        let depth = line.unicodeScalars.prefix { $0.properties.isWhitespace }.count
        if hasOption, depth > indentation { continue }
        indentation = depth
        if first == "[", let end = value.unicodeScalars.lastIndex(of: "]") {
            group = String(value.unicodeScalars[..<end].dropFirst())
            hasOption = false
        } else if let equals = value.unicodeScalars.firstIndex(of: "=") {
            hasOption = true
            if ["console_scripts", "gui_scripts", "DEFAULT"].contains(group) { names.append(stripped(value[..<equals])) }
        }
    }
    return names
}
