import Packaging

/// Whether a project name is what somebody gets who mistypes a popular one (index §2.6, platform §7.10). A hint, never a verdict.
struct TypoRules: Sendable {
    /// A popular name and the mistake that makes the other name out of it.
    struct Match: Sendable, Hashable {
        enum Mistake: String, Sendable {
            case repeatedCharacter = "repeated_characters"
            case omittedCharacter = "omitted_characters"
            case swappedCharacters = "swapped_characters"
            case swappedWords = "swapped_words"
            case commonTypo = "common_typos"
        }

        let mistake: Mistake
        let popularName: String
    }

    let popularNames: PopularNames

    /// The first rule that finds a popular name; nil for a popular name itself.
    func match(_ name: NormalizedName) -> Match? {
        guard !popularNames.contains(name) else { return nil }
        let letters = Array(name.value.utf8)
        return repeated(letters).map { Match(mistake: .repeatedCharacter, popularName: $0) }
            ?? omitted(letters).map { Match(mistake: .omittedCharacter, popularName: $0) }
            ?? swapped(letters).map { Match(mistake: .swappedCharacters, popularName: $0) }
            ?? reordered(name.value).map { Match(mistake: .swappedWords, popularName: $0) }
            ?? mistyped(letters).map { Match(mistake: .commonTypo, popularName: $0) }
    }

    private func popular(_ letters: [UInt8]) -> String? {
        let name = String(decoding: letters, as: UTF8.self)
        return popularNames.contains(name) ? name : nil
    }

    /// `reequests`: a letter too many beside its like.
    private func repeated(_ letters: [UInt8]) -> String? {
        for index in letters.indices.dropFirst() where letters[index] == letters[index - 1] {
            if let found = popular(removing(index, from: letters)) { return found }
        }
        return nil
    }

    /// `requsts`: a letter missing.
    private func omitted(_ letters: [UInt8]) -> String? {
        guard letters.count >= 4 else { return nil }
        for index in 0...letters.count {
            for letter in Self.alphabet {
                var longer = letters
                longer.insert(letter, at: index)
                if let found = popular(longer) { return found }
            }
        }
        return nil
    }

    /// `reqeusts`: two neighbours in the wrong order.
    private func swapped(_ letters: [UInt8]) -> String? {
        for index in letters.indices.dropFirst() where letters[index] != letters[index - 1] {
            var other = letters
            other.swapAt(index, index - 1)
            if let found = popular(other) { return found }
        }
        return nil
    }

    /// `dateutil-python`.
    private func reordered(_ name: String) -> String? {
        (2...8).contains(name.utf8.count { $0 == UInt8(ascii: "-") } + 1) ? popularNames.reordering(of: name) : nil
    }

    /// `requesrs`: a neighbouring key, or a letter that looks alike.
    private func mistyped(_ letters: [UInt8]) -> String? {
        for (index, letter) in letters.enumerated() {
            for meant in Self.meant[letter] ?? [] {
                if let found = popular(Array(letters[..<index]) + meant + letters[(index + 1)...]) { return found }
            }
        }
        return nil
    }

    private func removing(_ index: Int, from letters: [UInt8]) -> [UInt8] {
        var shorter = letters
        shorter.remove(at: index)
        return shorter
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

    /// What may have been meant by a letter: the keys around it on the usual keyboards, and what it can be taken for.
    private static let meant: [UInt8: [[UInt8]]] = {
        var table: [UInt8: [[UInt8]]] = [:]
        let rows = ["1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0.utf8) }
        for (number, row) in rows.enumerated() {
            for (place, key) in row.enumerated() {
                var near = [
                    (number, place - 1), (number, place + 1), (number - 1, place), (number - 1, place + 1), (number + 1, place - 1),
                    (number + 1, place),
                ]
                near.removeAll { !rows.indices.contains($0.0) || !rows[$0.0].indices.contains($0.1) }
                table[key, default: []] += near.map { [rows[$0.0][$0.1]] }
            }
        }
        for (seen, meant) in [
            ("0", "o"), ("o", "0"), ("1", "l"), ("1", "i"), ("l", "1"), ("l", "i"), ("i", "1"), ("i", "l"), ("5", "s"), ("s", "5"), ("s", "z"),
            ("z", "s"),
            ("3", "e"), ("e", "3"), ("4", "a"), ("a", "4"), ("8", "b"), ("b", "8"), ("m", "rn"), ("m", "nn"), ("w", "vv"), ("d", "cl"), ("c", "k"),
            ("k", "c"), ("f", "ph"), ("u", "v"), ("v", "u"),
        ] {
            table[seen.utf8.first!, default: []].append(Array(meant.utf8))
        }
        return table
    }()
}
