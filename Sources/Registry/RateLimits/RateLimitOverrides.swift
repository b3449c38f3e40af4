// What an operator says of limits.

/// Limits with other windows than the table says: `ip.login=20/5min email.add=10/1d`. Windows that hold together are joined by `+`.
package struct RateLimitOverrides: Sendable, Hashable {
    /// Why such a text can not be used.
    package struct Fault: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    private var windows: [String: [RateLimit.Window]] = [:]

    /// The limits as the table has them.
    package init() {}

    /// - Throws: ``Fault`` that names the limit.
    package init(_ text: String) throws(Fault) {
        for item in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let sides = item.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { throw Fault(description: "\"\(item)\" is not of the form NAME=COUNT/TIME") }
            guard RateLimit.all.contains(where: { $0.name == sides[0] }) else {
                throw Fault(description: "there is no limit \(sides[0]), only \(RateLimit.all.map(\.name).joined(separator: ", "))")
            }
            var list: [RateLimit.Window] = []
            for window in sides[1].split(separator: "+", omittingEmptySubsequences: false) {
                let parts = window.split(separator: "/", omittingEmptySubsequences: false)
                guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count), let span = Self.span(parts[1]) else {
                    throw Fault(description: "\"\(window)\" of \(sides[0]) is not of the form COUNT/TIME, such as 20/5min")
                }
                list.append(RateLimit.Window(count, per: span))
            }
            windows[String(sides[0])] = list
        }
    }

    /// `90s`, `5min`, `6h`, `1d`: up to 30 days.
    private static func span(_ text: Substring) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.count <= 7, let count = Int(digits), count > 0 else { return nil }
        let seconds: Int? =
            switch text.dropFirst(digits.count) {
            case "s": count
            case "min": count * 60
            case "h": count * 3600
            case "d": count * 86400
            default: nil
            }
        return seconds.flatMap { $0 <= 30 * 86400 ? .seconds($0) : nil }
    }

    /// A limit as it holds here.
    func applied(to limit: RateLimit) -> RateLimit { windows[limit.name].map { limit.with($0) } ?? limit }
}
