// A name in the one spelling that all its spellings share.

/// A project name normalized as PEP 503 says: lower case, each run of `.`, `_` and `-` replaced by one `-`.
public struct NormalizedName: Hashable, Sendable, CustomStringConvertible {
    /// The normalized text.
    public let value: String

    /// Normalizes any string, valid name or not, exactly as PyPA `packaging`'s `canonicalize_name` does
    /// (so a leading or trailing separator stays, as one `-`).
    public init(normalizing string: String) {
        value = Self.normalize(string)
    }

    /// Takes a string that is a normalized valid name already, such as a path segment or a stored column; nil when it is not one.
    public init?(alreadyNormalized string: String) {
        guard Self.isNormalized(string) else { return nil }
        value = string
    }

    /// With `_` instead of `-`: the form file names use (PEP 427, PEP 625).
    public var underscored: String {
        String(decoding: value.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    public var description: String { value }

    /// Whether a string is a valid name in its normalized form: `[a-z0-9]+(-[a-z0-9]+)*`.
    public static func isNormalized(_ string: String) -> Bool {
        var previousIsDash = true
        for byte in string.utf8 {
            if byte == UInt8(ascii: "-") {
                if previousIsDash { return false }
                previousIsDash = true
            } else {
                guard PythonText.isDigit(byte) || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) else { return false }
                previousIsDash = false
            }
        }
        return !previousIsDash
    }

    private static func normalize(_ string: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(string.utf8.count)
        // No valid name has letters beyond ASCII, but extras in markers and unchecked input can. They are lower-cased before separators are
        // replaced, since a final sigma depends on what follows it.
        let text = string.utf8.allSatisfy { $0 < 0x80 } ? string : PythonText.lowercased(string)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                if bytes.last != UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
            default:
                bytes.append(PythonText.lowercasedASCII(byte))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension NormalizedName: Comparable {
    /// Order of code points, the order databases and Python sort names in.
    public static func < (left: NormalizedName, right: NormalizedName) -> Bool {
        PythonText.precedes(left.value, right.value)
    }
}
