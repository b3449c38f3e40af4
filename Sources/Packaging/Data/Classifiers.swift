// Which trove classifiers exist.

/// Look-ups in the list of trove classifiers (core metadata `Classifier`).
public struct Classifiers: Sendable {
    /// Classifiers in use, in the order their publisher keeps them: the order to show them in.
    public let all: [String]
    private let positions: [String: Int]
    private let replacements: [String: [String]]

    /// - Parameter retired: lines of `old => new, new`, with nothing after the arrow where there is no replacement.
    init(all: [String], retired: [String]) {
        self.all = all
        positions = [String: Int](all.enumerated().map { ($1, $0) }) { first, _ in first }
        var replacements: [String: [String]] = [:]
        for line in retired {
            let bytes = Array(line.utf8)
            guard let arrow = bytes.indices.dropLast().first(where: { bytes[$0] == UInt8(ascii: "=") && bytes[$0 + 1] == UInt8(ascii: ">") }),
                arrow > 0
            else { continue }
            // A comma and a space part the replacements; no classifier contains both together.
            let new = String(decoding: bytes[(arrow + 2)...].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
            let names = new.split(separator: ",").map { String($0.drop { $0 == " " }) }
            replacements[String(decoding: bytes[..<(arrow - 1)], as: UTF8.self)] = names
        }
        self.replacements = replacements
    }

    /// Whether a classifier may be used in new metadata. Retired ones may not.
    public func isKnown(_ classifier: String) -> Bool {
        position(of: classifier) != nil
    }

    /// The place of a classifier in ``all``, to sort by; nil for an unknown one.
    public func position(of classifier: String) -> Int? {
        // Swift takes U+212A for a K, as Unicode does; a look-up must not.
        classifier.utf8.allSatisfy { $0 < 0x80 } ? positions[classifier] : nil
    }

    /// What to use instead of a retired classifier (may be empty); nil when the classifier was never retired.
    public func replacements(forDeprecated classifier: String) -> [String]? {
        replacements[classifier]
    }
}
