// How hard a password is to guess.

/// An estimate of how many guesses an attacker needs who knows what people make passwords of (the model of zxcvbn; D. L. Wheeler, "zxcvbn: Low-Budget
/// Password Strength Estimation", USENIX Security 2016).
///
/// The password is cut into common words, names, keyboard walks, repeats, sequences and dates, and whatever is left counts as chance; of all the ways to
/// do so the cheapest for the attacker counts. Pure, deterministic, without IO. Keeps nothing of the password.
public struct PasswordStrength: Sendable, Hashable {
    /// The least score at which a password is taken (platform §1.1).
    public static let leastAcceptableScore = 2
    /// How much of a password is looked at, in Unicode scalars. What follows can only make it stronger, and whoever types that much is safe unless the
    /// beginning alone is weak; so the estimate is of the beginning, and its cost is bounded for the longest passwords.
    public static let analysedLength = 128
    /// How many user inputs are looked at, and how much of each, in Unicode scalars.
    public static let mostUserInputs = 16
    static let longestUserInput = 254

    /// 0: among the first thousand guesses, 1: among the first million, 2: 10⁸, 3: 10¹⁰, 4: beyond.
    public let score: Int
    /// About how many guesses find it.
    public let guesses: Double
    /// What is weak about it, when the score is below 3.
    public let warning: Warning?
    /// What would help, when the score is below 3; best first.
    public let suggestions: [Suggestion]

    /// Whether the score is at least ``leastAcceptableScore``.
    public var isAcceptable: Bool { score >= Self.leastAcceptableScore }

    /// Estimates a password.
    /// - Parameter userInputs: what an attacker knows about the user: user name, full name, e-mail addresses. Their parts count as well.
    public init(_ password: String, userInputs: [String] = []) {
        let scalars = Array(password.unicodeScalars.prefix(Self.analysedLength))
        let words = [WordTrie.common, WordTrie(userInputs: Array(userInputs.prefix(Self.mostUserInputs)))]
        let result = GuessSearch(PasswordText(scalars), words: words).cheapest()
        let guesses = result.guesses
        self.guesses = guesses
        // The small surplus makes six and eight random letters fall on the weak side, as in the original.
        score = [1e3, 1e6, 1e8, 1e10].count { guesses >= $0 + 5 }
        (warning, suggestions) = PasswordFeedback.of(result.patterns, score: score)
    }

    /// What is weak about a password: keys for sentences, which Web has.
    public enum Warning: String, Sendable, Hashable, CaseIterable {
        /// Among the ten most common passwords.
        case topTenPassword
        /// Among the hundred most common passwords.
        case topHundredPassword
        /// On a list of leaked passwords.
        case commonPassword
        /// Much like one of a list of leaked passwords.
        case similarToCommonPassword
        /// One word.
        case singleWord
        /// A name, or made of names.
        case names
        /// The user's own name or address.
        case personal
        /// A row of keys.
        case straightRowOfKeys
        /// A walk over the keyboard.
        case keyboardPattern
        /// One character again and again.
        case repeatedCharacter
        /// A few characters again and again.
        case repeatedText
        /// Such as `abcd` or `9753`.
        case sequence
        case recentYear
        case date
    }

    /// What would help: keys for sentences, which Web has.
    public enum Suggestion: String, Sendable, Hashable, CaseIterable {
        case useSeveralWords
        case addAnotherWord
        case capitalizationHelpsLittle
        case reversalHelpsLittle
        case substitutionsHelpLittle
        case longerKeyboardPattern
        case avoidRepeats
        case avoidSequences
        case avoidYears
        case avoidDates
    }
}
