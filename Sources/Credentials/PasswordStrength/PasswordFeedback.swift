// What to tell somebody whose password is weak.

enum PasswordFeedback {
    /// About the longest pattern of the cheapest reading; nothing when the password is good.
    static func of(_ patterns: [PasswordPattern], score: Int) -> (PasswordStrength.Warning?, [PasswordStrength.Suggestion]) {
        guard score < 3 else { return (nil, []) }
        guard let longest = patterns.max(by: { $0.range.count < $1.range.count }) else { return (nil, [.useSeveralWords]) }
        let (warning, suggestions) = about(longest, isSole: patterns.count == 1)
        return (warning, [.addAnotherWord] + suggestions)
    }

    private static func about(_ pattern: PasswordPattern, isSole: Bool) -> (PasswordStrength.Warning?, [PasswordStrength.Suggestion]) {
        switch pattern.kind {
        case .chance: return (nil, [])
        case .word(let list, let rank, let isReversed, let isSubstituted):
            let isPlain = isSole && !isReversed && !isSubstituted
            let variations = pattern.guesses / Double(rank) / (isReversed ? 2 : 1)
            var suggestions: [PasswordStrength.Suggestion] = []
            if variations > 1, !isSubstituted { suggestions.append(.capitalizationHelpsLittle) }
            if isReversed, pattern.range.count >= 4 { suggestions.append(.reversalHelpsLittle) }
            if isSubstituted { suggestions.append(.substitutionsHelpLittle) }
            return (warning(list, rank: rank, isPlain: isPlain, isSole: isSole, guesses: pattern.guesses), suggestions)
        case .keyboard(let turns): return (turns == 1 ? .straightRowOfKeys : .keyboardPattern, [.longerKeyboardPattern])
        case .repetition(let length): return (length == 1 ? .repeatedCharacter : .repeatedText, [.avoidRepeats])
        case .sequence: return (.sequence, [.avoidSequences])
        case .recentYear: return (.recentYear, [.avoidYears])
        case .date: return (.date, [.avoidDates])
        }
    }

    private static func warning(_ list: WordTrie.List, rank: Int, isPlain: Bool, isSole: Bool, guesses: Double) -> PasswordStrength.Warning? {
        switch list {
        case .passwords where isPlain: rank <= 10 ? .topTenPassword : rank <= 100 ? .topHundredPassword : .commonPassword
        case .passwords: guesses <= 10_000 ? .similarToCommonPassword : nil
        case .words: isSole ? .singleWord : nil
        case .names: .names
        case .userInputs: .personal
        }
    }
}
