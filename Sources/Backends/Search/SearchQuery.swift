// What somebody looks for.

/// A question to a search engine, checked. Nothing in the text is syntax but a pair of quotes around words that belong together.
public struct SearchQuery: Sendable, Hashable {
    public enum Order: String, Sendable, Hashable, CaseIterable {
        case relevance
        /// The newest version first.
        case newest
    }

    /// The most characters (code points) that a text may have.
    public static let textLimit = 1000
    public static let pageSize = 20
    /// How many of the results can be paged through.
    public static let window = 10_000
    /// More words than this are not looked at.
    static let wordLimit = 32
    static let classifierLimit = 64

    /// What of the text is looked for; without words that are everywhere, unless there is nothing else. No word twice.
    public let words: [SearchWord]
    /// Words of the text that have to follow each other.
    public let phrases: [[SearchWord]]
    /// All the text's words as a name is written: in lower case, with `-` between them.
    public let nameForm: String
    /// The same without anything between them.
    public let compactForm: String
    /// Paths that all have to be a document's, or above one of its.
    public let classifiers: [String]
    public let order: Order
    /// From 1.
    public let page: Int

    /// - Parameter text: of any kind; one without words finds everything.
    /// - Throws: ``InvalidSearchQuery``.
    public init(_ text: String, classifiers: [String] = [], order: Order = .relevance, page: Int = 1) throws(InvalidSearchQuery) {
        guard text.unicodeScalars.count <= Self.textLimit else { throw .textTooLong }
        guard classifiers.count <= Self.classifierLimit, classifiers.allSatisfy({ $0.unicodeScalars.count <= Self.textLimit }) else {
            throw .tooManyClassifiers
        }
        guard page >= 1, page <= Self.window / Self.pageSize else { throw .pageOutOfRange }
        let all = Array(SearchWord.words(of: text).prefix(Self.wordLimit))
        let meaningful = all.filter { !$0.isStopWord }
        var seen: Set<String> = []
        words = (meaningful.isEmpty ? all : meaningful).filter { seen.insert($0.stem).inserted }
        phrases = Self.quoted(text).map { part in SearchWord.words(of: part).filter { !$0.isStopWord } }.filter {
            $0.count > 1 && $0.count <= Self.wordLimit
        }
        nameForm = all.map(\.folded).joined(separator: "-")
        compactForm = all.map(\.folded).joined()
        self.classifiers = classifiers
        self.order = order
        self.page = page
    }

    /// What stands between two quotes of a kind. A quote inside a word, as in `don't`, is none.
    private static func quoted(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var opened: (quote: Character, start: String.Index)?
        var previous: Character?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let after = text.index(after: index)
            if let (quote, start) = opened {
                let isEnd = after == text.endIndex || !(text[after].isLetter || text[after].isNumber)
                if character == quote, isEnd {
                    parts.append(text[start..<index])
                    opened = nil
                }
            } else if character == "\"" || character == "'", !(previous.map { $0.isLetter || $0.isNumber } ?? false) {
                opened = (character, after)
            }
            previous = character
            index = after
        }
        return parts
    }
}

/// Why a question can not be asked.
public enum InvalidSearchQuery: Error, Sendable, Hashable {
    case textTooLong
    case tooManyClassifiers
    /// Below 1, or behind the last result that can be paged to.
    case pageOutOfRange
}
