// Forms of English words.

/// M. F. Porter, "An algorithm for suffix stripping", 1980, with the two changes its author made later (`bli`, `logi`).
enum PorterStemmer {
    /// What a word shares with its other forms. Takes lower case; what is not all ASCII letters, or shorter than three, is given back as it is.
    static func stem(_ word: String) -> String {
        let bytes = Array(word.utf8)
        guard bytes.count > 2, bytes.allSatisfy({ (0x61...0x7A).contains($0) }) else { return word }
        var stem = Stem(letters: bytes)
        stem.plural()
        stem.pastAndGerund()
        stem.finalY()
        stem.replace(Stem.longSuffixes)
        stem.replace(Stem.shortSuffixes)
        stem.dropSuffix()
        stem.tidy()
        return String(decoding: stem.letters, as: UTF8.self)
    }
}

private struct Stem {
    var letters: [UInt8]

    private func isConsonant(_ index: Int) -> Bool {
        switch letters[index] {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): false
        case UInt8(ascii: "y"): index == 0 || !isConsonant(index - 1)
        default: true
        }
    }

    /// How often a vowel is followed by a consonant in the first `count` letters: Porter's m.
    private func measure(_ count: Int) -> Int {
        var measure = 0
        var wasVowel = false
        for index in 0..<count {
            let isVowel = !isConsonant(index)
            if wasVowel && !isVowel { measure += 1 }
            wasVowel = isVowel
        }
        return measure
    }

    private func hasVowel(_ count: Int) -> Bool { (0..<count).contains { !isConsonant($0) } }

    private func endsInDoubleConsonant() -> Bool {
        letters.count > 1 && letters[letters.count - 1] == letters[letters.count - 2] && isConsonant(letters.count - 1)
    }

    /// Consonant, vowel, consonant at the end, the last not w, x or y.
    private func endsInShortSyllable(_ count: Int) -> Bool {
        guard count > 2, isConsonant(count - 1), !isConsonant(count - 2), isConsonant(count - 3) else { return false }
        return !"wxy".utf8.contains(letters[count - 1])
    }

    private func ends(_ suffix: StaticString) -> Bool {
        suffix.withUTF8Buffer { letters.count >= $0.count && letters.suffix($0.count).elementsEqual($0) }
    }

    private func count(before suffix: StaticString) -> Int { letters.count - suffix.utf8CodeUnitCount }

    private mutating func set(_ suffix: StaticString, to replacement: StaticString) {
        letters.removeLast(suffix.utf8CodeUnitCount)
        replacement.withUTF8Buffer { letters.append(contentsOf: $0) }
    }

    mutating func plural() {
        if ends("sses") {
            set("sses", to: "ss")
        } else if ends("ies") {
            set("ies", to: "i")
        } else if !ends("ss"), ends("s") {
            letters.removeLast()
        }
    }

    mutating func pastAndGerund() {
        if ends("eed") {
            if measure(count(before: "eed")) > 0 { letters.removeLast() }
            return
        }
        if ends("ed"), hasVowel(count(before: "ed")) {
            letters.removeLast(2)
        } else if ends("ing"), hasVowel(count(before: "ing")) {
            letters.removeLast(3)
        } else {
            return
        }
        if ends("at") || ends("bl") || ends("iz") {
            letters.append(UInt8(ascii: "e"))
        } else if endsInDoubleConsonant(), !(ends("l") || ends("s") || ends("z")) {
            letters.removeLast()
        } else if measure(letters.count) == 1, endsInShortSyllable(letters.count) {
            letters.append(UInt8(ascii: "e"))
        }
    }

    mutating func finalY() {
        if ends("y"), hasVowel(letters.count - 1) { letters[letters.count - 1] = UInt8(ascii: "i") }
    }

    static let longSuffixes: [(StaticString, StaticString)] = [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"),
        ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
        ("fulness", "ful"),
        ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ]

    static let shortSuffixes: [(StaticString, StaticString)] = [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ]

    /// The first of the endings that fits is the one that counts.
    mutating func replace(_ suffixes: [(StaticString, StaticString)]) {
        for (suffix, replacement) in suffixes where ends(suffix) {
            if measure(count(before: suffix)) > 0 { set(suffix, to: replacement) }
            return
        }
    }

    private static let endings: [StaticString] = [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
    ]

    mutating func dropSuffix() {
        for suffix in Self.endings where ends(suffix) {
            let count = count(before: suffix)
            // Only behind s and t is it an ending.
            if suffix.utf8CodeUnitCount == 3, ends("ion"), !(count > 0 && "st".utf8.contains(letters[count - 1])) { return }
            if measure(count) > 1 { letters.removeLast(suffix.utf8CodeUnitCount) }
            return
        }
    }

    mutating func tidy() {
        if ends("e") {
            let count = letters.count - 1
            let measure = measure(count)
            if measure > 1 || measure == 1 && !endsInShortSyllable(count) { letters.removeLast() }
        }
        if ends("l"), endsInDoubleConsonant(), measure(letters.count) > 1 { letters.removeLast() }
    }
}
