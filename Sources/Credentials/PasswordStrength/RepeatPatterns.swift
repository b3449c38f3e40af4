// What is said again and again.

enum RepeatPatterns {
    /// Stretches that consist of one text several times; how many guesses that text itself takes is asked of `estimate`.
    static func all(in text: PasswordText, estimate: (PasswordText) -> Double) -> [PasswordPattern] {
        let scalars = text.scalars
        var found: [PasswordPattern] = []
        var start = 0
        while start < scalars.count - 1 {
            guard let (length, period) = longest(in: scalars[start...]) else {
                start += 1
                continue
            }
            let base = PasswordText(scalars[start..<start + period])
            let guesses = estimate(base) * Double(length / period)
            found.append(PasswordPattern(kind: .repetition(baseLength: period), range: start..<start + length, guesses: guesses))
            start += length
        }
        return found
    }

    /// The longest repetition at the beginning of a text, and the length of what is repeated: of `aabaab` all six with `aab`, of `aaaa` all four with `a`.
    private static func longest(in text: ArraySlice<Unicode.Scalar>) -> (length: Int, period: Int)? {
        var best: (length: Int, period: Int)?
        guard text.count >= 2 else { return nil }
        for period in 1...text.count / 2 {
            // How far the text equals itself moved on by the period.
            let equal = zip(text, text.dropFirst(period)).prefix { $0 == $1 }.count
            let length = (equal / period + 1) * period
            if length > period, length > best?.length ?? 0 { best = (length, period) }
        }
        return best
    }
}
