// The time as signatures of S3 requests hold it.

import Glibc

enum S3Time {
    /// `20130524T000000Z`.
    /// - Parameter time: seconds since 1970.
    static func basic(_ time: Int64) -> String {
        var (seconds, parts) = (time_t(time), tm())
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int32, _ digits: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        return padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1) + padded(parts.tm_mday) + "T" + padded(parts.tm_hour)
            + padded(parts.tm_min) + padded(parts.tm_sec) + "Z"
    }
}
