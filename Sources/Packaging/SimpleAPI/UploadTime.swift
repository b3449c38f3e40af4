// Points in time as index pages write them.

/// ISO 8601 text of a time in UTC.
public enum UploadTime {
    /// `2026-01-31T12:00:00.000123Z`; without the fraction when it is exactly zero (index §1.4).
    ///
    /// - Parameter microseconds: since 1970-01-01T00:00:00Z; negative before.
    public static func text(_ microseconds: Int64) -> String {
        let second = floorDivide(microseconds, 1_000_000)
        let fraction = microseconds - second * 1_000_000
        let day = floorDivide(second, 86_400)
        let time = second - day * 86_400
        let date = civilDate(day)

        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        append(date.year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(date.month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(date.day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        append(time / 3600, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(time / 60 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(time % 60, digits: 2, to: &bytes)
        if fraction != 0 {
            bytes.append(UInt8(ascii: "."))
            append(fraction, digits: 6, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same, always with its fraction.
    public static func exact(_ microseconds: Int64) -> String {
        let text = text(microseconds)
        return text.contains(".") ? text : text.dropLast() + ".000000Z"
    }

    /// Gregorian date of a day counted from 1970-01-01. Years are taken to begin in March, so that the leap day is a year's last.
    private static func civilDate(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func append(_ value: Int64, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
