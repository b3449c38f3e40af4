// The words of the dependency and marker grammars.

/// Takes tokens from UTF-8 text; each `take` moves on only when its token is next.
struct RequirementTokenizer {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ string: String) {
        bytes = Array(string.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Blanks and tabs. Says whether there were any.
    @discardableResult
    mutating func skipWhitespace() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") { position += 1 }
        return position > start
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// `\b[a-zA-Z0-9][a-zA-Z0-9._-]*\b`
    mutating func takeIdentifier() -> String? {
        guard position < bytes.count, PythonText.isASCIIAlphanumeric(bytes[position]), isBoundary(position) else { return nil }
        let start = position
        var end = start + 1
        while end < bytes.count, isIdentifierByte(bytes[end]) { end += 1 }
        while end > start, !isBoundary(end) { end -= 1 }
        guard end > start else { return nil }
        position = end
        return text(start..<end)
    }

    /// A keyword that stands alone.
    mutating func takeWord(_ word: StaticString) -> Bool {
        guard let end = endOfWord(word) else { return false }
        position = end
        return true
    }

    /// A variable, by its current name: the dotted names of the past are read too.
    mutating func takeVariable() -> String? {
        for (spelling, name) in Self.variables {
            guard let end = endOfWord(spelling) else { continue }
            position = end
            return name
        }
        return nil
    }

    private static let variables: [(spelling: StaticString, name: String)] = [
        ("python_version", "python_version"),
        ("python_full_version", "python_full_version"),
        ("os_name", "os_name"),
        ("os.name", "os_name"),
        ("sys_platform", "sys_platform"),
        ("sys.platform", "sys_platform"),
        ("platform_release", "platform_release"),
        ("platform_system", "platform_system"),
        ("platform_version", "platform_version"),
        ("platform.version", "platform_version"),
        ("platform_machine", "platform_machine"),
        ("platform.machine", "platform_machine"),
        ("platform_python_implementation", "platform_python_implementation"),
        ("platform.python_implementation", "platform_python_implementation"),
        ("python_implementation", "platform_python_implementation"),
        ("implementation_name", "implementation_name"),
        ("implementation_version", "implementation_version"),
        ("extra", "extra"),
        ("extras", "extras"),
        ("dependency_groups", "dependency_groups"),
    ]

    /// Text between single or double quotes, quotes included; nothing inside ends it but its quote.
    mutating func takeQuoted() -> ArraySlice<UInt8>? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\""),
            let end = bytes[(position + 1)...].firstIndex(of: bytes[position])
        else { return nil }
        defer { position = end + 1 }
        return bytes[position...end]
    }

    mutating func takeOperatorSymbol() -> MarkerComparison.Operator? {
        for candidate in MarkerComparison.Operator.allCases where candidate != .in && candidate != .notIn {
            let symbol = candidate.rawValue.utf8
            guard bytes[position...].starts(with: symbol) else { continue }
            position += symbol.count
            return candidate
        }
        return nil
    }

    /// One version clause.
    mutating func skipSpecifier() -> Bool {
        guard let (_, end) = VersionSpecifier.scan(bytes, position..<bytes.count) else { return false }
        position = end
        return true
    }

    /// Everything up to a blank or tab.
    mutating func takeURL() -> String? {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: " "), bytes[position] != UInt8(ascii: "\t") { position += 1 }
        return position == start ? nil : text(start..<position)
    }

    private func endOfWord(_ word: StaticString) -> Int? {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { return nil }
        for offset in 0..<word.utf8CodeUnitCount where bytes[position + offset] != word.utf8Start[offset] { return nil }
        return isBoundary(position) && isBoundary(end) ? end : nil
    }

    private func isIdentifierByte(_ byte: UInt8) -> Bool {
        PythonText.isASCIIAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    /// `\b`: a word character on exactly one side.
    private func isBoundary(_ index: Int) -> Bool {
        isWordBefore(index) != isWordAt(index)
    }

    private func isWordAt(_ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        return isWord(startingAt: index)
    }

    private func isWordBefore(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        var start = index - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return isWord(startingAt: start)
    }

    private func isWord(startingAt index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return PythonText.isASCIIAlphanumeric(byte) || byte == UInt8(ascii: "_") }
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        let end = min(index + length, bytes.count)
        guard let scalar = String(decoding: bytes[index..<end], as: UTF8.self).unicodeScalars.first else { return false }
        return PythonText.isWord(scalar)
    }
}
