/// A language, perhaps with a script and a region (RFC 5646), for comparing: in lower case, with hyphens, old names replaced by new ones.
struct LocaleTag: Sendable, Hashable {
    /// Its parts; the first one is the language.
    private let parts: [String]

    /// - Parameter text: with hyphens or underscores, in any case.
    init?(_ text: String) {
        guard text.utf8.count <= 35 else { return nil }
        var parts = text.lowercased().split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }.map(String.init)
        let isWord: (String) -> Bool = { part in
            (1...8).contains(part.utf8.count) && part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
        guard parts.allSatisfy(isWord), (2...8).contains(parts[0].utf8.count), parts[0].utf8.allSatisfy({ $0 >= 0x61 }) else { return nil }
        parts[0] = Self.newNames[parts[0]] ?? parts[0]
        self.parts = parts
    }

    private static let newNames = ["iw": "he", "in": "id", "ji": "yi", "no": "nb"]

    var text: String { parts.joined(separator: "-") }
    var language: String { parts[0] }

    /// What it is written in, where that is said or follows from the region: Chinese is written in two ways.
    var script: String? {
        if let script = parts.dropFirst().first(where: { $0.utf8.count == 4 && $0.utf8.allSatisfy { $0 >= 0x61 } }) { return script }
        guard language == "zh" else { return nil }
        return ["tw", "hk", "mo"].contains { parts.contains($0) } ? "hant" : "hans"
    }

    /// Itself, and with less and less of it; of Chinese, its script comes before the mere language.
    var lessAndLess: [String] {
        var texts = (1...parts.count).reversed().map { parts[..<$0].joined(separator: "-") }
        if language == "zh", let script, !parts.contains(script) { texts.insert("zh-\(script)", at: texts.count - 1) }
        return texts
    }

    /// Whether it is a language range's, as `de-AT` is `de`'s.
    func begins(with range: LocaleTag) -> Bool { parts.starts(with: range.parts) }
}
