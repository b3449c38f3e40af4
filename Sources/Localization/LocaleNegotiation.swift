/// Chooses a language for whoever asks, by what their `Accept-Language` says (RFC 9110 §12.5.4, RFC 4647 §3.4).
public struct LocaleNegotiation: Sendable {
    private struct Available: Sendable {
        /// As it was given.
        let name: String
        let tag: LocaleTag
    }

    private let available: [Available]
    private let fallback: String

    /// - Parameters:
    ///   - available: such as `de` and `pt_BR`; of two that serve equally well, the first is taken.
    ///   - fallback: for whoever asks for nothing that there is. It is available, too.
    public init(available: [String], fallback: String) {
        self.available = (available.contains(fallback) ? available : available + [fallback]).compactMap { name in
            LocaleTag(name).map { Available(name: name, tag: $0) }
        }
        self.fallback = fallback
    }

    /// The most of a header that is looked at.
    static let byteLimit = 1000
    static let rangeLimit = 20

    /// One of the available locales, as it was given, or the fallback.
    ///
    /// What is asked for most is looked for first: the locale itself, then with less and less of it (`de-AT`, `de`), then another of the same
    /// language in the same script (`pt-PT`, `pt_BR`).
    ///
    /// - Parameter header: the value of `Accept-Language`; what of it can not be understood is left out.
    public func locale(for header: String) -> String {
        let ranges = Self.ranges(header)
        let unwanted = ranges.filter { $0.weight == 0 }.compactMap { LocaleTag($0.range) }
        let wanted = available.filter { candidate in !unwanted.contains { candidate.tag.begins(with: $0) } }
        // Of those that are wanted as much, the first one first.
        let order = ranges.enumerated().filter { $1.weight > 0 }.sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
        for range in order.map(\.element) {
            // `*` is any, so the one for everybody.
            if range.range == "*" { return fallback }
            guard let tag = LocaleTag(range.range) else { continue }
            for shorter in tag.lessAndLess {
                if let match = wanted.first(where: { $0.tag.text == shorter }) { return match.name }
            }
            if let sibling = wanted.first(where: { $0.tag.language == tag.language && $0.tag.script == tag.script }) { return sibling.name }
        }
        return fallback
    }

    /// Weights are thousandths.
    private static func ranges(_ header: String) -> [(range: String, weight: Int)] {
        var ranges: [(range: String, weight: Int)] = []
        let text = String(decoding: header.utf8.prefix(byteLimit), as: UTF8.self)
        for item in text.split(separator: ",").prefix(rangeLimit) {
            let parts = item.split(separator: ";", omittingEmptySubsequences: false).map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard parts[0] == "*" || LocaleTag(parts[0]) != nil, parts.count <= 2 else { continue }
            guard let weight = parts.count == 2 ? weight(parts[1]) : 1000 else { continue }
            ranges.append((parts[0], weight))
        }
        return ranges
    }

    /// `q=0.8`: 0 or 1, with three digits at most behind the point.
    private static func weight(_ text: String) -> Int? {
        guard text.hasPrefix("q=") else { return nil }
        let sides = text.dropFirst(2).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides[0] == "0" || sides[0] == "1" else { return nil }
        let fraction = sides.count == 2 ? sides[1] : ""
        guard fraction.utf8.count <= 3, fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let thousandths = Int(fraction + String(repeating: "0", count: 3 - fraction.utf8.count)) ?? 0
        return sides[0] == "0" ? thousandths : thousandths == 0 ? 1000 : nil
    }
}
