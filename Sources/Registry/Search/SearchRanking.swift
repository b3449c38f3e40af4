// What comes first.

import Backends

/// What of a document decides its place.
struct SearchCandidate: Sendable {
    /// Greater for a newer version.
    let number: Int64
    let compactName: String
    /// As ``SearchText/terms``.
    let terms: String
}

/// How well a document answers, by its name, summary and keywords: the same on every database (platform §7.6's weights).
struct SearchRanking: Sendable {
    private enum Weight {
        static let fields = [10.0, 5.0, 5.0]
        /// How many words each usually has.
        static let usual = [2.0, 8.0, 8.0]
        /// Found only in the description or what else there is.
        static let rest = 1.0
        /// Words that stand beside each other as they were typed.
        static let neighbours = 2.5
        static let wholeInName = 5.0
        static let beginningOfName = 3.0
    }

    private let stems: [[UInt8]]
    private let compact: String

    init(_ query: SearchQuery) {
        stems = query.words.map { Array($0.stem.utf8) }
        compact = query.compactForm
    }

    /// Greater is better.
    func score(_ candidate: SearchCandidate) -> Double {
        var terms = candidate.terms
        // Bytes, in one pass: several hundred candidates are weighed for each search.
        var score = terms.withUTF8 { bytes in self.score(bytes) }
        if compact.utf8.count > 1, candidate.compactName.hasPrefix(compact) { score += Weight.beginningOfName }
        return score
    }

    private func score(_ terms: UnsafeBufferPointer<UInt8>) -> Double {
        var counts = [0, 0, 0]
        var found = [[Bool]](repeating: [Bool](repeating: false, count: stems.count), count: 3)
        var neighbours = Set<Int>()
        var (field, start, previous) = (0, 0, -1)
        for end in 0...terms.count where end == terms.count || terms[end] == 0x20 || terms[end] == 0x0A {
            if end > start {
                counts[field] += 1
                let position = stems.firstIndex { stem in stem.count == end - start && stem.elementsEqual(terms[start..<end]) } ?? -1
                if position >= 0 {
                    found[field][position] = true
                    if position > 0, previous == position - 1 { neighbours.insert(position) }
                }
                previous = position
            }
            start = end + 1
            if end < terms.count, terms[end] == 0x0A {
                field = min(field + 1, 2)
                previous = -1
            }
        }
        // A word among few says more than one among many.
        let weights = (0..<3).map { Weight.fields[$0] / (0.5 + 0.5 * Double(max(1, counts[$0])) / Weight.usual[$0]) }
        var score = Weight.neighbours * Double(neighbours.count)
        for position in stems.indices {
            var (best, sum) = (0.0, 0.0)
            for field in 0..<3 where found[field][position] {
                best = max(best, weights[field])
                sum += weights[field]
            }
            // The best field says most; that others agree says something.
            score += best == 0 ? Weight.rest : best + 0.3 * (sum - best)
        }
        return found[0].allSatisfy { $0 } ? score + Weight.wholeInName : score
    }
}
