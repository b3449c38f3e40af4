// Dates in HTTP headers (RFC 9110 §5.6.7).

/// Seconds since 1970 as headers write them, and back. Every number of a date is checked against its range before anything is calculated with it.
public enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let longDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// No date is longer: `Wednesday, 30-Sep-94 08:49:37 GMT`.
    private static let longest = 40
    /// From the first to the last second of the years that four digits name.
    private static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// The preferred form, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter seconds: since 1970; a time outside of the years 0 to 9999 is written as the nearest one inside.
    public static func text(_ seconds: Int64) -> String {
        let seconds = min(max(seconds, range.lowerBound), range.upperBound)
        let day = seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400)
        let second = Int(seconds - day * 86400)
        let (year, month, dayOfMonth) = civil(ofDay: day)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let four = String(repeating: "0", count: 4 - String(year).count) + String(year)
        let weekday = Int(((day + 4) % 7 + 7) % 7)
        return
            "\(days[weekday]), \(two(dayOfMonth)) \(months[month - 1]) \(four) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) GMT"
    }

    /// Reads any of the three forms that recipients have to accept: the preferred one, that of RFC 850, and that of `asctime`.
    ///
    /// - Returns: seconds since 1970; `nil` for anything else, also for a day that its month does not have.
    public static func parse(_ text: String) -> Int64? {
        guard text.utf8.count <= longest, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        if words.count == 6, words[5] == "GMT", words[0].last == ",", days.contains(String(words[0].dropLast())) {
            return seconds(year: digits(words[3], 4), month: words[2], day: digits(words[1], 2), clock: words[4])
        }
        if words.count == 4, words[3] == "GMT", words[0].last == ",", longDays.contains(String(words[0].dropLast())) {
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, let short = digits(date[2], 2) else { return nil }
            // Two digits: 70 to 99 are of the last century. A sliding window would need a clock, and nobody has sent such dates for decades.
            return seconds(year: short < 70 ? 2000 + short : 1900 + short, month: date[1], day: digits(date[0], 2), clock: words[2])
        }
        // `Sun Nov  6 08:49:37 1994`: a day of one digit stands behind two spaces.
        let parts = text.split(separator: " ")
        if parts.count == 5, days.contains(String(parts[0])), parts[2].count == 1 ? words.count == 6 && words[2].isEmpty : words.count == 5 {
            return seconds(year: digits(parts[4], 4), month: parts[1], day: digits(parts[2], parts[2].count == 1 ? 1 : 2), clock: parts[3])
        }
        return nil
    }

    private static func seconds(year: Int?, month: Substring, day: Int?, clock: Substring) -> Int64? {
        let time = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard let year, let day, let month = months.firstIndex(of: String(month)), time.count == 3, let hour = digits(time[0], 2), hour < 24,
            let minute = digits(time[1], 2), minute < 60, let second = digits(time[2], 2), second <= 60
        else { return nil }
        let number = days(year: year, month: month + 1, day: day)
        guard day >= 1, civil(ofDay: number) == (year, month + 1, day) else { return nil }
        // A leap second is the first one of the next minute.
        return number * 86400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// So many decimal digits and nothing else.
    private static func digits(_ text: Substring, _ count: Int) -> Int? {
        guard text.utf8.count == count, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(text)
    }

    // MARK: The Gregorian calendar, counted in days since 1970

    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(ofDay day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = Int(part < 10 ? part + 3 : part - 9)
        return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, Int(dayOfYear - (153 * part + 2) / 5 + 1))
    }
}
