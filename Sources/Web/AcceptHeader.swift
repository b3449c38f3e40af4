// Content negotiation (RFC 9110 §12.5.1).

/// A parsed `Accept` header.
struct AcceptHeader: Sendable {
    private struct Range: Sendable {
        let type: Substring
        let subtype: Substring
        /// Whether it has parameters besides `q`: then it matches none of our offers, which have none.
        let isQualified: Bool
        let quality: Double
    }

    private let ranges: [Range]

    /// - Returns: `nil` when the header can not be parsed.
    init?(_ header: String) {
        var ranges: [Range] = []
        for element in Self.split(header[...], at: ",") {
            let parts = Self.split(element, at: ";").map(Self.trim)
            if parts.count == 1, parts[0].isEmpty { continue }
            let media = parts[0].split(separator: "/", omittingEmptySubsequences: false)
            guard media.count == 2, Self.isToken(media[0]), Self.isToken(media[1]), media[0] != "*" || media[1] == "*" else { return nil }
            var quality = 1.0
            var isQualified = false
            for parameter in parts.dropFirst() {
                let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard pair.count == 2, Self.isToken(pair[0]), !pair[1].isEmpty else { return nil }
                if pair[0].lowercased() == "q" {
                    guard let value = Self.quality(pair[1]) else { return nil }
                    quality = value
                } else {
                    isQualified = true
                }
            }
            ranges.append(
                Range(type: Substring(media[0].lowercased()), subtype: Substring(media[1].lowercased()), isQualified: isQualified, quality: quality)
            )
        }
        self.ranges = ranges
    }

    /// The offer the client likes best; of equals, the first.
    ///
    /// - Returns: `nil` when it accepts none.
    func best(of offers: [String]) -> String? {
        var best: (offer: String, quality: Double)?
        for offer in offers {
            let quality = quality(of: offer)
            if quality > 0, quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }

    /// That of the most specific range that matches.
    private func quality(of offer: String) -> Double {
        let parts = offer.split(separator: "/")
        var found: (specificity: Int, quality: Double)?
        for range in ranges where !range.isQualified {
            let specificity: Int
            if range.type == parts[0], range.subtype == parts[1] {
                specificity = 2
            } else if range.type == parts[0], range.subtype == "*" {
                specificity = 1
            } else if range.type == "*" {
                specificity = 0
            } else {
                continue
            }
            if specificity > found?.specificity ?? -1 { found = (specificity, range.quality) }
        }
        return found?.quality ?? 0
    }

    /// The pieces between separators that stand outside quoted strings.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        guard text.contains("\"") else { return text.split(separator: separator, omittingEmptySubsequences: false) }
        var pieces: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for position in text.indices {
            let character = text[position]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                pieces.append(text[start..<position])
                start = text.index(after: position)
            }
        }
        return pieces + [text[start...]]
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// `0`, `1`, or up to three decimals between them.
    private static func quality(_ text: Substring) -> Double? {
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
            text.first == "0" || text.first == "1",
            let value = Double(text), value <= 1
        else { return nil }
        return value
    }
}
