/// A page of what was found.
public struct SearchResults: Sendable, Hashable {
    /// At most ``SearchQuery/pageSize``; none on a page behind the last one.
    public let hits: [SearchHit]
    /// How many there are on all pages, at most ``SearchQuery/window``.
    public let total: Int
    /// Whether there are more than can be paged through.
    public let isTotalCapped: Bool
    /// A name that was meant, maybe.
    public let suggestion: String?

    /// - Parameter found: how many documents match, as far as they were counted.
    public init(hits: [SearchHit], found: Int, suggestion: String? = nil) {
        self.hits = hits
        total = min(found, SearchQuery.window)
        isTotalCapped = found > SearchQuery.window
        self.suggestion = suggestion
    }

    /// At least 1: there is a first page, with nothing on it.
    public var pageCount: Int { max(1, (total + SearchQuery.pageSize - 1) / SearchQuery.pageSize) }
}

/// A document that was found.
public struct SearchHit: Sendable, Hashable {
    /// A part of the summary.
    public struct Piece: Sendable, Hashable {
        public let text: String
        /// Whether it is what was searched for.
        public let isMatch: Bool

        public init(_ text: String, isMatch: Bool) {
            self.text = text
            self.isMatch = isMatch
        }
    }

    public let name: String
    public let version: String
    /// The summary, in pieces: put together they are the whole of it. Text, not HTML.
    public let summary: [Piece]
    /// When its version came to be, in microseconds since 1970.
    public let createdAt: Int64

    /// - Parameter query: what to mark in the summary.
    public init(name: String, version: String, summary: String, createdAt: Int64, for query: SearchQuery) {
        self.name = name
        self.version = version
        self.summary = Self.pieces(of: summary, marking: Set(query.words.map(\.stem)))
        self.createdAt = createdAt
    }

    private static func pieces(of summary: String, marking stems: Set<String>) -> [Piece] {
        var pieces: [Piece] = []
        var end = summary.startIndex
        for word in SearchWord.words(of: summary) where stems.contains(word.stem) {
            if end < word.range.lowerBound { pieces.append(Piece(String(summary[end..<word.range.lowerBound]), isMatch: false)) }
            pieces.append(Piece(String(summary[word.range]), isMatch: true))
            end = word.range.upperBound
        }
        if end < summary.endIndex { pieces.append(Piece(String(summary[end...]), isMatch: false)) }
        return pieces
    }
}
