// A part of a password that has a pattern.

/// A stretch of a password, what it is, and how many guesses find it.
struct PasswordPattern {
    enum Kind {
        /// Nothing known: chance.
        case chance
        case word(list: WordTrie.List, rank: Int, isReversed: Bool, isSubstituted: Bool)
        case keyboard(turns: Int)
        case repetition(baseLength: Int)
        case sequence
        case recentYear
        case date
    }

    let kind: Kind
    /// The scalars it covers.
    let range: Range<Int>
    /// How many guesses find it, before the least for its length is applied.
    let guesses: Double

    var isChance: Bool {
        if case .chance = kind { true } else { false }
    }
}
