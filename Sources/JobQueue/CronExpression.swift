// When something is due again and again.

import Foundation

/// A five-field cron expression in UTC: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).
///
/// A field is a list of `*`, `*/STEP`, `VALUE`, `FROM-TO` and `FROM-TO/STEP`. As in crontab(5), when neither of the two day fields begins with `*`, a
/// day that fits one of them is enough.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// As it was written, with single spaces.
    public let description: String
    /// Bit n stands for the value n, field by field.
    private let values: [CronField: UInt64]
    private let isAnyDayEnough: Bool

    /// - Throws: ``InvalidCronExpression``, also for a date that never comes, such as the 30th of February.
    public init(parsing text: String) throws(InvalidCronExpression) {
        let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count == CronField.allCases.count else { throw .fieldCount(fields.count) }
        description = fields.joined(separator: " ")
        var values: [CronField: UInt64] = [:]
        for (field, text) in zip(CronField.allCases, fields) { values[field] = try field.parse(text) }
        isAnyDayEnough = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        self.values = values
        guard search(after: 0) != nil else { throw .neverDue }
    }

    /// An expression in the program's text; one that is wrong stops the program.
    public init(stringLiteral value: StaticString) {
        do throws(InvalidCronExpression) {
            try self.init(parsing: value.description)
        } catch {
            preconditionFailure("\(value): \(error)")
        }
    }

    /// The first due time later than `time`; both in microseconds since 1970.
    public func next(after time: Int64) -> Int64 {
        // Every date that comes at all comes within 40 years (a 29th of February on a given day of the week, around a century's end).
        search(after: max(0, time)) ?? .max
    }

    private func search(after time: Int64) -> Int64? {
        let firstMinute = time / 60_000_000 + 1
        for day in firstMinute / 1440...firstMinute / 1440 + 41 * 366 where isDue(day: day) {
            for minute in max(0, firstMinute - day * 1440)..<1440 where has(.hour, minute / 60) && has(.minute, minute % 60) {
                return (day * 1440 + minute) * 60_000_000
            }
        }
        return nil
    }

    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// - Parameter day: days since 1970, whose first one was a Thursday.
    private func isDue(day: Int64) -> Bool {
        let date = Self.calendar.dateComponents([.month, .day], from: Date(timeIntervalSince1970: Double(day) * 86400))
        guard has(.month, Int64(date.month ?? 0)) else { return false }
        let (fitsMonth, fitsWeek) = (has(.dayOfMonth, Int64(date.day ?? 0)), has(.dayOfWeek, (day + 4) % 7))
        return isAnyDayEnough ? fitsMonth || fitsWeek : fitsMonth && fitsWeek
    }

    private func has(_ field: CronField, _ value: Int64) -> Bool { (values[field] ?? 0) >> UInt64(value) & 1 == 1 }
}

/// One of the five fields, in their order.
public enum CronField: String, Sendable, Hashable, CaseIterable {
    case minute, hour
    case dayOfMonth = "day of the month"
    case month
    case dayOfWeek = "day of the week"

    /// What may stand in it.
    public var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    fileprivate func parse(_ text: String) throws(InvalidCronExpression) -> UInt64 {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            var step = 1
            if parts.count == 2 {
                // `5/10` means different things to different programs.
                guard let number = Self.number(parts[1]), number > 0, parts[0] == "*" || ends.count == 2 else { throw .item(self, String(item)) }
                step = number
            }
            var chosen = range
            if parts[0] != "*" {
                guard let from = Self.number(ends[0]), let to = Self.number(ends[ends.count - 1]), from <= to else { throw .item(self, String(item)) }
                guard range.contains(from), range.contains(to) else { throw .outOfRange(self, String(item)) }
                chosen = from...to
            }
            for value in stride(from: chosen.lowerBound, through: chosen.upperBound, by: step) {
                bits |= 1 << UInt64(self == .dayOfWeek ? value % 7 : value)
            }
        }
        return bits
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}

/// Why a text is no cron expression.
public enum InvalidCronExpression: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are this many fields instead of five.
    case fieldCount(Int)
    /// A part of a field is no `*`, value, range or step.
    case item(CronField, String)
    /// A value that the field can not have.
    case outOfRange(CronField, String)
    /// No date fits.
    case neverDue

    public var description: String {
        switch self {
        case .fieldCount(let count): "A cron expression has five fields, not \(count)."
        case .item(let field, let text): "'\(text)' can not stand in the field '\(field.rawValue)'."
        case .outOfRange(let field, let text):
            "'\(text)' leaves the range of the field '\(field.rawValue)', \(field.range.lowerBound)-\(field.range.upperBound)."
        case .neverDue: "There is no such date."
        }
    }
}
