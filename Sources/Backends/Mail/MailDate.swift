import Glibc

/// A time as a header has it (RFC 5322 §3.3).
enum MailDate {
    /// `Fri, 24 May 2013 00:00:00 +0000`.
    /// - Parameter time: microseconds since 1970.
    static func text(_ time: Int64) -> String {
        var (seconds, parts) = (time_t(time / 1_000_000), tm())
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int32, _ digits: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        // Not by strftime, which speaks the process's language.
        let day = "\(days[Int(parts.tm_wday)]), \(padded(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(padded(parts.tm_year + 1900, 4))"
        return "\(day) \(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec)) +0000"
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
