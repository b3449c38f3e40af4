// Walks over a keyboard.

enum KeyboardPatterns {
    /// All walks of three keys or more, on each layout.
    static func all(in text: PasswordText) -> [PasswordPattern] {
        KeyboardLayout.all.enumerated().flatMap { index, layout in
            // Both keypads count as the first: their difference is not worth knowing.
            walks(in: text.scalars, layout, counts: index < 2 ? KeyboardLayout.qwerty : KeyboardLayout.keypad)
        }
    }

    private static func walks(in scalars: [Unicode.Scalar], _ layout: KeyboardLayout, counts: KeyboardLayout) -> [PasswordPattern] {
        var found: [PasswordPattern] = []
        var start = 0
        while start < scalars.count - 1 {
            var end = start + 1
            var turns = 0
            var last: Int?
            while end < scalars.count, let direction = layout.direction(from: scalars[end - 1], to: scalars[end]) {
                if direction != last { turns += 1 }
                last = direction
                end += 1
            }
            if end - start > 2 {
                let shifted = scalars[start..<end].count(where: layout.isShifted)
                let guesses = guesses(length: end - start, turns: turns, shifted: shifted, counts)
                found.append(PasswordPattern(kind: .keyboard(turns: turns), range: start..<end, guesses: guesses))
            }
            start = end
        }
        return found
    }

    /// All walks of at most this length with at most so many turns, and where shift may be held in them.
    private static func guesses(length: Int, turns: Int, shifted: Int, _ layout: KeyboardLayout) -> Double {
        var guesses = 0.0
        for length in 2...length {
            var power = layout.starts
            for turn in 1...min(turns, length - 1) {
                power *= layout.averageNeighbours
                guesses += binomial(length - 1, turn - 1) * power
            }
        }
        if shifted == 0 { return guesses }
        return guesses * (shifted == length ? 2 : WordPatterns.mixtures(shifted, length - shifted))
    }
}
