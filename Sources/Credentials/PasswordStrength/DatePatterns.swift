// Dates in a password.

/// Day, month and year in any order that people use, with a separator or without; the year has four digits or two.
enum DatePatterns {
    /// Years are guessed outwards from here: the original's choice, between birthdays and the present.
    private static let referenceYear = 2017
    private static let fewestYears = 20
    private static let years = 1000...2050
    private static let separators: Set<Unicode.Scalar> = [" ", "\t", "\n", "/", "\\", "_", ".", "-"]

    static func all(in text: PasswordText) -> [PasswordPattern] {
        var found: [PasswordPattern] = []
        for start in 0..<text.count {
            for length in 4...10 where start + length <= text.count {
                let token = text.scalars[start..<start + length]
                guard let (year, isSeparated) = year(of: token) else { continue }
                let guesses = years(around: year) * 365 * (isSeparated ? 4 : 1)
                found.append(PasswordPattern(kind: .date, range: start..<start + length, guesses: guesses))
            }
        }
        // Within 2015-06-04 there are many others (5-06-04); nobody means those.
        return found.filter { inner in
            !found.contains {
                $0.range != inner.range && $0.range.lowerBound <= inner.range.lowerBound && $0.range.upperBound >= inner.range.upperBound
            }
        }
    }

    /// How many years an attacker tries until this one.
    static func years(around year: Int) -> Double { Double(max(abs(year - referenceYear), fewestYears)) }

    static func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
        guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1.value - 0x30) }
    }

    private static func year(of token: ArraySlice<Unicode.Scalar>) -> (year: Int, isSeparated: Bool)? {
        if token.count <= 8, token.allSatisfy(\.isASCIIDigit) {
            var years: [Int] = []
            for (first, second) in splits(token.count) {
                let (one, two) = (token.startIndex + first, token.startIndex + second)
                let parts = [token[..<one], token[one..<two], token[two...]].compactMap(number)
                if let year = year(parts) { years.append(year) }
            }
            // Of several readings the likeliest.
            return years.min { abs($0 - referenceYear) < abs($1 - referenceYear) }.map { ($0, false) }
        }
        guard token.count >= 6, let separator = token.first(where: separators.contains) else { return nil }
        let parts = token.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, (1...4).contains(parts[0].count), (1...2).contains(parts[1].count), (1...4).contains(parts[2].count) else {
            return nil
        }
        let numbers = parts.compactMap(number)
        return numbers.count == 3 ? year(numbers).map { ($0, true) } : nil
    }

    /// Where day, month and year may be cut apart when nothing stands between them.
    private static func splits(_ length: Int) -> [(Int, Int)] {
        switch length {
        case 4: [(1, 2), (2, 3)]
        case 5: [(1, 3), (2, 3)]
        case 6: [(1, 2), (2, 4), (4, 5)]
        case 7: [(1, 3), (2, 3), (4, 5), (4, 6)]
        default: [(2, 4), (4, 6)]
        }
    }

    /// The year of three numbers when they make a date; the year is never in the middle.
    private static func year(_ parts: [Int]) -> Int? {
        guard parts.count == 3, (1...31).contains(parts[1]) else { return nil }
        guard parts.allSatisfy({ $0 <= 99 || years.contains($0) }) else { return nil }
        guard parts.count(where: { $0 > 31 }) < 2, parts.contains(where: { $0 <= 12 }), parts.count(where: { $0 == 0 }) < 2 else { return nil }
        let readings = [(year: parts[2], day: parts[0], month: parts[1]), (year: parts[0], day: parts[1], month: parts[2])]
        // A number of four digits is the year, or there is none.
        if let reading = readings.first(where: { years.contains($0.year) }) { return isDay(reading.day, reading.month) ? reading.year : nil }
        return readings.first { isDay($0.day, $0.month) }.map { $0.year > 99 ? $0.year : $0.year > 50 ? 1900 + $0.year : 2000 + $0.year }
    }

    /// Whether two numbers are day and month, in either order.
    private static func isDay(_ one: Int, _ other: Int) -> Bool {
        (1...31).contains(one) && (1...12).contains(other) || (1...31).contains(other) && (1...12).contains(one)
    }
}
