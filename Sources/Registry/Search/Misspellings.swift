// Names that somebody typed almost right.

/// Two words that become the same when each loses at most one letter are one mistake apart: that is looked up, where comparing with every name is not.
/// With two letters lost on the side of what was typed, most of what is two mistakes apart is found too.
enum Misspellings {
    /// Names outside this are not looked for: of shorter ones every other one is one mistake apart, longer ones nobody types.
    static let lengths = 3...32

    /// What a name is found by.
    static func spellings(of name: String) -> [Int64] {
        let letters = Array(name.utf8)
        guard lengths.contains(letters.count) else { return [] }
        return hashes([letters] + shortened(letters))
    }

    /// What to look for when somebody typed this.
    static func spellings(typed name: String) -> [Int64] {
        let letters = Array(name.utf8)
        guard lengths.contains(letters.count) else { return [] }
        let once = shortened(letters)
        return hashes([letters] + once + (tolerance(of: letters.count) > 1 ? once.flatMap(shortened) : []))
    }

    /// How many mistakes in a word of this length are borne.
    static func tolerance(of count: Int) -> Int { count < 3 ? 0 : count < 6 ? 1 : 2 }

    private static func shortened(_ letters: [UInt8]) -> [[UInt8]] {
        letters.indices.map { index in
            var rest = letters
            rest.remove(at: index)
            return rest
        }
    }

    private static func hashes(_ words: [[UInt8]]) -> [Int64] {
        Set(words.map { Int64(bitPattern: StableHash.of($0)) }).sorted()
    }
}
