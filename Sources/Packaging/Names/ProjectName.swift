// The name somebody gave a project, checked.

/// A project name as its owner spelled it, checked against the core metadata specification (`Name` field).
///
/// The rule is `^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$`, ignoring case, ASCII only and without a trailing line feed.
/// Two names are equal when they normalize to the same name (PEP 503).
public struct ProjectName: Sendable, CustomStringConvertible {
    /// The name as given.
    public let raw: String

    /// The PEP 503 form: what URLs, look-ups and uniqueness use.
    public let normalized: NormalizedName

    /// - Throws: `InvalidProjectName` when the name breaks the rule.
    public init(_ string: String) throws(InvalidProjectName) {
        guard Self.isValid(string) else { throw InvalidProjectName(input: string) }
        raw = string
        normalized = NormalizedName(normalizing: string)
    }

    /// The form that look-alike names share: without `.`, `_`, `-`; `l` and `i` read as `1`; `o` read as `0`; lower case.
    public var ultranormalized: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.utf8.count)
        for byte in raw.utf8 {
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): continue
            case UInt8(ascii: "l"), UInt8(ascii: "L"), UInt8(ascii: "i"), UInt8(ascii: "I"): bytes.append(UInt8(ascii: "1"))
            case UInt8(ascii: "o"), UInt8(ascii: "O"): bytes.append(UInt8(ascii: "0"))
            default: bytes.append(PythonText.lowercasedASCII(byte))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { raw }

    /// Whether a string is a valid project name.
    public static func isValid(_ string: String) -> Bool {
        var last: UInt8 = 0
        var isFirst = true
        for byte in string.utf8 {
            if !PythonText.isASCIIAlphanumeric(byte) {
                guard !isFirst, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") else { return false }
            }
            isFirst = false
            last = byte
        }
        return PythonText.isASCIIAlphanumeric(last)
    }
}

extension ProjectName: Hashable {
    public static func == (left: ProjectName, right: ProjectName) -> Bool {
        left.normalized == right.normalized
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(normalized)
    }
}

/// A string that is no project name.
public struct InvalidProjectName: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String

    /// What is wrong, for people.
    public var message: String {
        "Invalid project name: \(PythonText.excerpt(input)). "
            + "Start and end with a letter or numeral and contain only ASCII numeric and '.', '_' and '-'."
    }

    public var description: String { message }
}
