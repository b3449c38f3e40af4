// Words in a password: as they are, backwards, and with digits and signs in place of letters.

/// Finds all words of some lists in a password.
struct WordPatterns {
    /// Which letters a character may stand for.
    private static let substitutions: [Unicode.Scalar: [Unicode.Scalar]] = [
        "4": ["a"], "@": ["a"], "8": ["b"], "(": ["c"], "{": ["c"], "[": ["c"], "<": ["c"], "3": ["e"], "6": ["g"], "9": ["g"], "1": ["i", "l"],
        "!": ["i"], "|": ["i", "l"], "0": ["o"], "$": ["s"], "5": ["s"], "+": ["t"], "7": ["l", "t"], "%": ["x"], "2": ["z"],
    ]
    /// The most steps of one search, over all beginnings: a password made to have as many readings as possible is not worth more time.
    private static let mostSteps = 200_000

    private let text: PasswordText
    private let trie: WordTrie
    private var steps = 0
    private var found: [PasswordPattern] = []

    private init(_ text: PasswordText, _ trie: WordTrie) {
        self.text = text
        self.trie = trie
    }

    static func all(in text: PasswordText, _ trie: WordTrie) -> [PasswordPattern] {
        var forwards = WordPatterns(text, trie)
        for start in 0..<text.count { forwards.extend(from: start, to: start, node: WordTrie.root, read: [:]) }
        var backwards = WordPatterns(PasswordText(text.scalars.reversed()), trie)
        for start in 0..<text.count { backwards.extendLiterally(from: start) }
        return forwards.found + backwards.found
    }

    /// Words that begin at `start`, where everything before `end` is read. A character that stands for a letter stands for it in the whole word.
    private mutating func extend(from start: Int, to end: Int, node: Int32, read: [Unicode.Scalar: Unicode.Scalar]) {
        steps += 1
        guard end < text.count, steps < Self.mostSteps else { return }
        let scalar = text.lowered[end]
        let readings = read[scalar].map { [$0] } ?? [scalar] + (Self.substitutions[scalar] ?? [])
        for reading in readings {
            guard let child = trie.child(of: node, for: reading) else { continue }
            var read = read
            // A character read as itself stays so, too.
            if Self.substitutions[scalar] != nil { read[scalar] = reading }
            if let entry = trie.entry(at: child) {
                let substituted = read.filter { $0.key != $0.value }
                // One character alone says nothing of the letter it may stand for.
                if substituted.isEmpty || end > start { append(start..<end + 1, entry, substituted: substituted) }
            }
            extend(from: start, to: end + 1, node: child, read: read)
        }
    }

    private mutating func extendLiterally(from start: Int) {
        var node = WordTrie.root
        for end in start..<text.count {
            guard let child = trie.child(of: node, for: text.lowered[end]) else { return }
            node = child
            guard let entry = trie.entry(at: node) else { continue }
            let range = text.count - end - 1..<text.count - start
            let guesses = Double(entry.rank) * Self.capitalizations(text.scalars[start...end].reversed()) * 2
            let kind = PasswordPattern.Kind.word(list: entry.list, rank: entry.rank, isReversed: true, isSubstituted: false)
            found.append(PasswordPattern(kind: kind, range: range, guesses: guesses))
        }
    }

    private mutating func append(_ range: Range<Int>, _ entry: WordTrie.Entry, substituted: [Unicode.Scalar: Unicode.Scalar]) {
        var guesses = Double(entry.rank) * Self.capitalizations(text.scalars[range])
        for (sign, letter) in substituted {
            // Written so everywhere, or only here and there.
            let signs = text.lowered[range].count { $0 == sign }
            let letters = text.lowered[range].count { $0 == letter }
            guesses *= letters == 0 ? 2 : Self.mixtures(signs, letters)
        }
        let kind = PasswordPattern.Kind.word(list: entry.list, rank: entry.rank, isReversed: false, isSubstituted: !substituted.isEmpty)
        found.append(PasswordPattern(kind: kind, range: range, guesses: guesses))
    }

    /// How many capitalizations an attacker tries until this one: the usual ones first.
    static func capitalizations(_ word: some BidirectionalCollection<Unicode.Scalar>) -> Double {
        let uppers = word.count { $0.properties.isUppercase }
        guard uppers > 0 else { return 1 }
        let lowers = word.count { $0.properties.isLowercase }
        if lowers == 0 || uppers == 1 && (word.first!.properties.isUppercase || word.last!.properties.isUppercase) { return 2 }
        return mixtures(uppers, lowers)
    }

    /// In how many ways as many as the rarer of two sorts, or fewer, may be spread.
    static func mixtures(_ one: Int, _ other: Int) -> Double {
        let rarer = min(one, other)
        guard rarer > 0 else { return 1 }
        return (1...rarer).reduce(0) { $0 + binomial(one + other, $1) }
    }
}
