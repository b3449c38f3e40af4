// The cheapest way to guess a password.

/// Of all ways to cut a password into patterns and chance, finds the one that takes the fewest guesses.
///
/// A cut of l parts takes l! · Π guesses + 10000^(l−1): the parts in every order, after everything with fewer parts was tried.
struct GuessSearch {
    private static let guessesPerCharacter = 10.0
    private static let guessesBeforeAnotherPart = 10_000.0

    /// The best cut of a beginning of the password into a number of parts.
    private struct Cut {
        let total: Double
        let product: Double
        let last: PasswordPattern
    }

    private let text: PasswordText
    private let words: [WordTrie]
    /// For each end: by number of parts, as far as more parts are worth it.
    private var cuts: [[Cut?]]

    init(_ text: PasswordText, words: [WordTrie]) {
        self.text = text
        self.words = words
        cuts = Array(repeating: [], count: text.count)
    }

    func cheapest() -> (guesses: Double, patterns: [PasswordPattern]) {
        var search = self
        return search.run()
    }

    private mutating func run() -> (guesses: Double, patterns: [PasswordPattern]) {
        guard text.count > 0 else { return (1, []) }
        var byEnd = [[PasswordPattern]](repeating: [], count: text.count)
        for pattern in patterns() { byEnd[pattern.range.upperBound - 1].append(pattern) }
        for end in 0..<text.count {
            for pattern in byEnd[end] { append(pattern) }
            for start in 0...end { append(chance(start..<end + 1)) }
        }
        return best()
    }

    private func patterns() -> [PasswordPattern] {
        let (text, words) = (text, words)
        return words.flatMap { WordPatterns.all(in: text, $0) } + KeyboardPatterns.all(in: text) + SequencePatterns.all(in: text)
            + SequencePatterns.recentYears(in: text) + DatePatterns.all(in: text)
            + RepeatPatterns.all(in: text) { GuessSearch($0, words: words).cheapest().guesses }
    }

    private func chance(_ range: Range<Int>) -> PasswordPattern {
        var guesses = 1.0
        for _ in range { guesses *= Self.guessesPerCharacter }
        // A guess more than the least of a pattern, so that of two readings the one that says more is told.
        return PasswordPattern(kind: .chance, range: range, guesses: max(guesses, range.count == 1 ? 11 : 51))
    }

    /// Tries a pattern as the end of every cut that ends before it.
    private mutating func append(_ pattern: PasswordPattern) {
        if pattern.range.lowerBound == 0 {
            keep(pattern, parts: 1, before: 1)
            return
        }
        let before = cuts[pattern.range.lowerBound - 1]
        for parts in before.indices {
            // Two stretches of chance side by side are one.
            guard let cut = before[parts], !pattern.isChance || !cut.last.isChance else { continue }
            keep(pattern, parts: parts + 1, before: cut.product)
        }
    }

    private mutating func keep(_ pattern: PasswordPattern, parts: Int, before: Double) {
        let least = pattern.range.count == text.count ? 1.0 : pattern.range.count == 1 ? 10 : 50
        let product = before * max(pattern.guesses, least)
        var total = product
        var penalty = 1.0
        for part in stride(from: 2, through: parts, by: 1) {
            total *= Double(part)
            penalty *= Self.guessesBeforeAnotherPart
        }
        total += penalty
        let end = pattern.range.upperBound - 1
        // Worthless when as few parts or fewer do as well.
        for case let cut? in cuts[end].prefix(parts + 1) where cut.total <= total { return }
        while cuts[end].count <= parts { cuts[end].append(nil) }
        cuts[end][parts] = Cut(total: total, product: product, last: pattern)
    }

    private func best() -> (guesses: Double, patterns: [PasswordPattern]) {
        var parts = 0
        var total = Double.infinity
        for (count, cut) in cuts[text.count - 1].enumerated() {
            if let cut, cut.total < total || parts == 0 { (parts, total) = (count, cut.total) }
        }
        var patterns: [PasswordPattern] = []
        var end = text.count
        while end > 0, let cut = cuts[end - 1][parts] {
            patterns.append(cut.last)
            (parts, end) = (parts - 1, cut.last.range.lowerBound)
        }
        return (total, patterns.reversed())
    }
}
