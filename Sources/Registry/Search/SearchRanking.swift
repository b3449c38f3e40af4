// What comes first.

import Backends

/// How well a document answers, by its name, summary and keywords: the same on every database (platform §7.6's weights).
struct SearchRanking: Sendable {
    private enum Weight {
        static let name = 10.0
        static let summary = 5.0
        static let keywords = 5.0
        /// Found only in the description or what else there is.
        static let rest = 1.0
    }

    private let stems: [String]
    private let compact: String

    init(_ query: SearchQuery) {
        stems = query.words.map(\.stem)
        compact = query.compactForm
    }

    /// Greater is better.
    func score(_ document: FoundDocument) -> Double {
        guard !stems.isEmpty else { return 0 }
        let name = SearchText.nameWords(document.name)
        let summary = SearchText.stems(document.summary)
        let keywords = SearchText.stems(document.keywords)
        let fields = [
            (Set(name), Weight.name * Self.shortness(name.count, usual: 2)), (Set(summary), Weight.summary * Self.shortness(summary.count, usual: 8)),
            (Set(keywords), Weight.keywords * Self.shortness(keywords.count, usual: 8)),
        ]
        var score = 0.0
        for stem in stems {
            let parts = fields.map { $0.0.contains(stem) ? $0.1 : 0 }
            let best = parts.max() ?? 0
            // The best field says most; that others agree says something.
            score += best == 0 ? Weight.rest : best + 0.3 * (parts.reduce(0, +) - best)
        }
        // Words that follow each other as they were typed belong together.
        for (one, next) in zip(stems, stems.dropFirst()) where Self.follow(one, next, in: name) || Self.follow(one, next, in: summary) {
            score += 0.5 * Weight.summary
        }
        if stems.allSatisfy(fields[0].0.contains) { score += 0.5 * Weight.name }
        if compact.utf8.count > 1, document.compactName.hasPrefix(compact) { score += 0.3 * Weight.name }
        return score
    }

    /// A word among few says more than one among many.
    private static func shortness(_ count: Int, usual: Double) -> Double { 1 / (0.5 + 0.5 * max(1, Double(count)) / usual) }

    private static func follow(_ one: String, _ next: String, in words: [String]) -> Bool {
        zip(words, words.dropFirst()).contains { $0 == one && $1 == next }
    }
}
