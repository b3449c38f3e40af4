// Which trove classifiers exist.

/// Look-ups in the list of trove classifiers (core metadata `Classifier`).
public enum Classifiers {
    /// Classifiers in use, in the order their publisher keeps them: the order to show them in.
    public static let all: [String] = IdentifierLists.lines(of: IdentifierLists.classifiers)

    /// Whether a classifier may be used in new metadata. Retired ones may not.
    public static func isKnown(_ classifier: String) -> Bool {
        position(of: classifier) != nil
    }

    /// The place of a classifier in ``all``, to sort by; nil for an unknown one.
    public static func position(of classifier: String) -> Int? {
        // Swift takes U+212A for a K, as Unicode does; a look-up must not.
        classifier.utf8.allSatisfy { $0 < 0x80 } ? positions[classifier] : nil
    }

    /// What to use instead of a retired classifier (may be empty); nil when the classifier was never retired.
    public static func replacements(forDeprecated classifier: String) -> [String]? {
        retired[classifier]
    }

    private static let positions = [String: Int](uniqueKeysWithValues: all.enumerated().map { ($1, $0) })

    private static let retired: [String: [String]] = {
        var table: [String: [String]] = [:]
        for line in IdentifierLists.lines(of: IdentifierLists.retiredClassifiers) {
            let bytes = Array(line.utf8)
            guard let arrow = bytes.indices.dropLast().first(where: { bytes[$0] == UInt8(ascii: "=") && bytes[$0 + 1] == UInt8(ascii: ">") }) else {
                continue
            }
            // A comma and a space part the replacements; no classifier contains both together.
            let new = String(decoding: bytes[(arrow + 2)...].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
            let names = new.split(separator: ",").map { String($0.drop { $0 == " " }) }
            table[String(decoding: bytes[..<(arrow - 1)], as: UTF8.self)] = names
        }
        return table
    }()
}

extension IdentifierLists {
    /// One identifier a line.
    static func lines(of list: String) -> [String] {
        list.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
    }
}
