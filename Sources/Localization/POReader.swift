/// Takes a PO file line by line.
struct POReader {
    static let entryLimit = 50_000

    private(set) var entries: [(entry: Catalog.Entry, line: Int)] = []
    /// What the entry with the empty message says; names in lower case.
    private(set) var header: [String: String] = [:]
    private(set) var headerLine = 1

    fileprivate enum Target: Hashable {
        case context
        case id
        case pluralID
        case translation(Int)
    }

    private struct Key: Hashable {
        let context: String?
        let id: String
    }

    private var line = 0
    private var firstLine = 0
    private var isFuzzy = false
    private var strings: [Target: [UInt8]] = [:]
    private var current: Target?
    private var keys: Set<Key> = []

    mutating func read(_ bytes: Substring.UTF8View) throws(InvalidCatalog.Reason) {
        line += 1
        var text = bytes
        // A mark that editors put at the beginning of a file.
        if line == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        text = text.drop(while: Self.isSpace)
        guard let first = text.first else { return try finish() }
        if first == UInt8(ascii: "#") {
            if strings.keys.contains(where: \.isTranslation) { try finish() }
            // `#, fuzzy, python-format`; what has become obsolete, `#~`, is a comment here.
            let flags = text.dropFirst().first == UInt8(ascii: ",") ? text.dropFirst(2).split(separator: UInt8(ascii: ",")) : []
            if flags.contains(where: { $0.filter { !Self.isSpace($0) }.elementsEqual("fuzzy".utf8) }) { isFuzzy = true }
            return
        }
        if first == UInt8(ascii: "\"") {
            guard let current else { throw .line }
            return strings[current, default: []] += try Self.string(text)
        }
        let keyword = String(decoding: text.prefix { !Self.isSpace($0) && $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        let target = try Self.target(keyword)
        if target == .context || target == .id, strings.keys.contains(where: \.isTranslation) { try finish() }
        guard isInPlace(target), strings[target] == nil else { throw .keyword(keyword) }
        if strings.isEmpty { firstLine = line }
        strings[target] = try Self.string(text.dropFirst(keyword.utf8.count).drop(while: Self.isSpace))
        current = target
    }

    private func isInPlace(_ target: Target) -> Bool {
        let hasTranslation = strings.keys.contains(where: \.isTranslation)
        return switch target {
        case .context: strings.isEmpty
        case .id: !hasTranslation
        case .pluralID: strings[.id] != nil && !hasTranslation
        case .translation(let number):
            strings[.id] != nil && (number == -1) == (strings[.pluralID] == nil) && (number <= 0 || strings[.translation(number - 1)] != nil)
        }
    }

    /// Takes what has been read since the last entry.
    mutating func finish() throws(InvalidCatalog.Reason) {
        defer { (strings, current, isFuzzy) = ([:], nil, false) }
        guard !strings.isEmpty else { return }
        var texts: [Target: String] = [:]
        for (target, bytes) in strings {
            guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { throw .encoding }
            texts[target] = text
        }
        guard let id = texts[.id] else { throw .keyword("msgctxt") }
        let pluralID = texts[.pluralID]
        let translations = pluralID == nil ? [texts[.translation(-1)]].compactMap { $0 } : (0..<10).compactMap { texts[.translation($0)] }
        guard !translations.isEmpty else { throw .keyword("msgid") }
        guard keys.insert(Key(context: texts[.context], id: id)).inserted else { throw .duplicate }
        guard keys.count <= Self.entryLimit else { throw .tooManyEntries }
        if id.isEmpty, texts[.context] == nil { return readHeader(translations[0]) }
        guard !isFuzzy, translations.allSatisfy({ !$0.isEmpty }) else { return }
        entries.append((Catalog.Entry(context: texts[.context], id: id, pluralID: pluralID, translations: translations), firstLine))
    }

    private mutating func readHeader(_ text: String) {
        headerLine = firstLine
        for line in text.split(separator: "\n") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2 else { continue }
            header[sides[0].lowercased()] = String(sides[1].drop { $0 == " " })
        }
    }

    private static func target(_ keyword: String) throws(InvalidCatalog.Reason) -> Target {
        switch keyword {
        case "msgctxt": return .context
        case "msgid": return .id
        case "msgid_plural": return .pluralID
        case "msgstr": return .translation(-1)
        default:
            guard keyword.hasPrefix("msgstr["), keyword.hasSuffix("]"), let number = Int(keyword.dropFirst(7).dropLast()), (0..<10).contains(number)
            else { throw .line }
            return .translation(number)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// What stands between quotation marks, with nothing but white space behind.
    private static func string(_ text: Substring.UTF8View) throws(InvalidCatalog.Reason) -> [UInt8] {
        guard text.first == UInt8(ascii: "\"") else { throw .line }
        var rest = text.dropFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                guard rest.allSatisfy(isSpace) else { throw .line }
                return bytes
            case UInt8(ascii: "\\"): bytes.append(try escaped(&rest))
            default: bytes.append(byte)
            }
        }
        throw .line
    }

    /// An escape of C.
    private static func escaped(_ rest: inout Substring.UTF8View) throws(InvalidCatalog.Reason) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .line }
        switch byte {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "v"): return 0x0B
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "?"): return byte
        case UInt8(ascii: "x"):
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), digits.first != UInt8(ascii: "+") else {
                throw .escape
            }
            rest = rest.dropFirst(2)
            return value
        case 0x30...0x37:
            var value = Int(byte - 0x30)
            for _ in 0..<2 {
                guard let next = rest.first, (0x30...0x37).contains(next) else { break }
                value = value * 8 + Int(next - 0x30)
                rest = rest.dropFirst()
            }
            guard let small = UInt8(exactly: value) else { throw .escape }
            return small
        default: throw .escape
        }
    }
}

extension POReader.Target {
    fileprivate var isTranslation: Bool { if case .translation = self { true } else { false } }
}
