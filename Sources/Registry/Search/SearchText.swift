import Backends

/// A document as the database finds it: words, folded and stemmed, by where they stand.
struct SearchText: Sendable {
    /// How much of a description is looked at, in characters, and how many different words of it are kept. A word counts once, however often it is repeated.
    static let descriptionLimit = 20_000
    static let wordLimit = 500
    /// How many words of a summary and of keywords are kept.
    static let shortLimit = 100

    let name: [String]
    let summary: [String]
    let keywords: [String]
    /// Different words of everything else, without those above.
    let rest: [String]
    /// One for each classifier and for each path above one.
    let labels: [String]

    init(_ document: SearchDocument) {
        name = Self.nameWords(document.name)
        summary = Self.stems(document.summary)
        keywords = document.keywords.prefix(Self.shortLimit).flatMap { Self.stems($0) }
        var seen = Set(name + summary + keywords)
        var rest: [String] = []
        let people = [document.author, document.authorEmail, document.maintainer, document.maintainerEmail]
        let others = [document.license, document.homePage, document.downloadURL, document.platform].map { $0.prefix(Self.descriptionLimit) }
        for part in people.map({ $0.prefix(Self.descriptionLimit) }) + others + [document.description.prefix(Self.descriptionLimit)] {
            for word in SearchWord.words(of: part) where rest.count < Self.wordLimit && !word.isStopWord {
                if seen.insert(word.stem).inserted { rest.append(word.stem) }
            }
        }
        self.rest = rest
        labels = Set(document.classifiers.flatMap(Self.paths)).map(Self.label).sorted()
    }

    static func stems(_ text: String) -> [String] {
        SearchWord.words(of: text.prefix(descriptionLimit)).lazy.filter { !$0.isStopWord }.prefix(shortLimit).map(\.stem)
    }

    /// A name's parts; one with a number at its end also without it.
    static func nameWords(_ name: String) -> [String] {
        SearchWord.words(of: name).flatMap { word -> [String] in
            let letters = word.folded.prefix { !$0.isNumber }
            let isNumbered = letters.count >= 3 && letters.count < word.folded.count && word.folded.dropFirst(letters.count).allSatisfy(\.isNumber)
            return isNumbered ? [word.stem] + SearchWord.words(of: letters).map(\.stem) : [word.stem]
        }
    }

    /// `A :: B :: C`, `A :: B` and `A`.
    static func paths(_ classifier: String) -> [String] {
        var parts = classifier.split(separator: " :: ", omittingEmptySubsequences: false)
        var paths: [String] = []
        while !parts.isEmpty {
            paths.append(parts.joined(separator: " :: "))
            parts.removeLast()
        }
        return paths
    }

    /// A word that no text has: theirs are letters and digits alone.
    static func label(_ classifier: String) -> String { "§" + String(StableHash.of(classifier), radix: 16) }

    /// The word of a name, apart from the same word elsewhere.
    static func nameLabel(_ stem: String) -> String { "·" + stem }

    /// The words that weigh: a line for each of name, summary and keywords.
    var terms: String { [name, summary, keywords].map { $0.joined(separator: " ") }.joined(separator: "\n") }

    /// Whether a classifier, or one below it, is among `classifiers`.
    static func has(_ wanted: String, in classifiers: [String]) -> Bool {
        classifiers.contains { $0 == wanted || $0.hasPrefix(wanted + " :: ") }
    }
}

/// FNV-1a with 64 bits: the same in every process and for ever, which Swift's own is not.
enum StableHash {
    private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    static func of(_ text: some StringProtocol) -> UInt64 { of(text.utf8) }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = start
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
