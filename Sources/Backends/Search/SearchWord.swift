// Words of a text, as search sees them.

import Foundation

/// A run of letters and digits.
public struct SearchWord: Sendable, Hashable {
    /// Where it stands in its text.
    public let range: Range<String.Index>
    /// In lower case and without accents: letters and digits only, at most ``lengthLimit`` of them.
    public let folded: String
    /// What it shares with its other forms: `frameworks` and `framework` have the same.
    public let stem: String

    static let lengthLimit = 64

    /// Whether it is in every text, and says nothing.
    public var isStopWord: Bool { Self.stopWords.contains(folded) }

    // Those of Lucene, so that all engines leave out the same.
    private static let stopWords: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on", "or", "such", "that",
        "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    ]

    /// All words of a text, in order.
    public static func words(of text: some StringProtocol) -> [SearchWord] {
        var words: [SearchWord] = []
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        var previous: Unicode.Scalar?
        while index < scalars.endIndex {
            guard isPartOfWord(scalars[index]) else {
                previous = scalars[index]
                index = scalars.index(after: index)
                continue
            }
            let start = index
            repeat { index = scalars.index(after: index) } while index < scalars.endIndex && isPartOfWord(scalars[index])
            let folded = fold(String(text[start..<index]))
            // A lone accent; the end of `writer's`.
            guard !folded.isEmpty, !(folded == "s" && !words.isEmpty && (previous == "'" || previous == "\u{2019}")) else { continue }
            words.append(SearchWord(range: start..<index, folded: folded, stem: PorterStemmer.stem(folded)))
        }
        return words
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 {
            return (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber: return true
        // Accents that stand behind their letter.
        case .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    private static func fold(_ word: String) -> String {
        if word.utf8.allSatisfy({ $0 < 0x80 }) { return String(word.lowercased().prefix(lengthLimit)) }
        var folded = ""
        for scalar in word.prefix(lengthLimit).decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            switch scalar {
            case "ß": folded += "ss"
            case "æ": folded += "ae"
            case "œ": folded += "oe"
            case "ø": folded += "o"
            case "ł": folded += "l"
            case "đ", "ð": folded += "d"
            case "þ": folded += "th"
            case "ı": folded += "i"
            // Also what a compatibility form brought that is no letter.
            default: if isPartOfWord(scalar), scalar.properties.generalCategory != .nonspacingMark { folded.unicodeScalars.append(scalar) }
            }
        }
        return String(folded.unicodeScalars.prefix(lengthLimit))
    }
}
