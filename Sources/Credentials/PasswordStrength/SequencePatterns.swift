// Characters in even steps, and recent years.

enum SequencePatterns {
    /// The widest step, as in `aceg` or `9630`.
    private static let widestStep = 5

    /// Such as `abcd`, `9753` or `αβγ`: at least three characters, or two neighbours, whose code points differ by the same.
    static func all(in text: PasswordText) -> [PasswordPattern] {
        let values = text.scalars.map { Int($0.value) }
        guard values.count > 1 else { return [] }
        var found: [PasswordPattern] = []
        var start = 0
        while start < values.count - 1 {
            let step = values[start + 1] - values[start]
            var end = start + 2
            while end < values.count, values[end] - values[end - 1] == step { end += 1 }
            if (1...widestStep).contains(abs(step)), end - start > 2 || abs(step) == 1 {
                let guesses = guesses(from: text.scalars[start], isAscending: step > 0) * Double(end - start)
                found.append(PasswordPattern(kind: .sequence, range: start..<end, guesses: guesses))
            }
            // The last of one may be the first of the next.
            start = end - 1
        }
        return found
    }

    private static func guesses(from first: Unicode.Scalar, isAscending: Bool) -> Double {
        let beginnings: Double = "aAzZ019".unicodeScalars.contains(first) ? 4 : first.isASCIIDigit ? 10 : 26
        return isAscending ? beginnings : beginnings * 2
    }

    /// Years from 1900 to 2049 by themselves.
    static func recentYears(in text: PasswordText) -> [PasswordPattern] {
        var found: [PasswordPattern] = []
        var start = 0
        while start + 4 <= text.count {
            if let year = DatePatterns.number(text.scalars[start..<start + 4]), (1900...2049).contains(year) {
                let guesses = DatePatterns.years(around: year)
                found.append(PasswordPattern(kind: .recentYear, range: start..<start + 4, guesses: guesses))
                start += 4
            } else {
                start += 1
            }
        }
        return found
    }
}
