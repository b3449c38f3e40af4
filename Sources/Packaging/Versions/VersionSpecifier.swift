// One clause of a version requirement, such as `>=3.8`.

/// One version clause of PEP 440: an operator and a version, read and written as PyPA `packaging` does.
///
/// Two clauses are equal when they mean the same by PEP 440's spelling rules (`==1.0` and `== 1.0.0`).
public struct VersionSpecifier: Sendable {
    /// The comparison operators of PEP 440.
    public enum Operator: String, Hashable, Sendable, CaseIterable {
        case compatible = "~="
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        /// `===`: compares strings, ignoring case; the version need not be valid.
        case identical = "==="
    }

    /// The comparison.
    public let `operator`: Operator

    /// The version as written, without white space around it; may end in `.*`, and be anything after `===`.
    public let version: String

    /// The version in the clause; without its `.*`; nil after `===`.
    let bound: Version?

    /// Whether the version ends in `.*`.
    let matchesPrefix: Bool

    /// - Throws: `InvalidVersionSpecifier`.
    public init(_ string: String) throws(InvalidVersionSpecifier) {
        let bytes = Array(string.utf8)
        guard let specifier = Self.read(bytes, PythonText.stripped(bytes, 0..<bytes.count)) else {
            throw InvalidVersionSpecifier(input: string)
        }
        self = specifier
    }

    /// Reads a clause that fills `range`, which has no white space around it.
    static func read(_ bytes: [UInt8], _ range: Range<Int>) -> VersionSpecifier? {
        guard let scanned = scan(bytes, range), scanned.end == range.upperBound else { return nil }
        return scanned.specifier
    }

    /// Reads the longest clause that starts at `range.lowerBound`.
    static func scan(_ bytes: [UInt8], _ range: Range<Int>) -> (specifier: VersionSpecifier, end: Int)? {
        guard let `operator` = scanOperator(bytes, range) else { return nil }
        var start = range.lowerBound + `operator`.rawValue.utf8.count
        while start < range.upperBound {
            let length = PythonText.whitespaceLength(bytes, at: start)
            if length == 0 { break }
            start += length
        }
        if `operator` == .identical {
            let end = endOfArbitraryVersion(bytes, start..<range.upperBound)
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            return (VersionSpecifier(operator: .identical, version: text, bound: nil, matchesPrefix: false), end)
        }
        var scanner = VersionScanner(bytes, start..<range.upperBound)
        guard let (epoch, release) = scanner.scanEpochAndRelease(), `operator` != .compatible || release.count > 1 else { return nil }
        let isEquality = `operator` == .equal || `operator` == .notEqual
        let next = scanner.position
        let matchesPrefix =
            isEquality && next + 1 < range.upperBound && bytes[next] == UInt8(ascii: ".") && bytes[next + 1] == UInt8(ascii: "*")
        let bound: Version?
        if matchesPrefix {
            bound = Version(epoch: epoch, release: release)
            scanner.position += 2
        } else {
            bound = scanner.scanSuffixes(epoch: epoch, release: release, allowsLocal: isEquality)
        }
        guard let bound else { return nil }
        let text = String(decoding: bytes[start..<scanner.position], as: UTF8.self)
        return (VersionSpecifier(operator: `operator`, version: text, bound: bound, matchesPrefix: matchesPrefix), scanner.position)
    }

    private init(operator: Operator, version: String, bound: Version?, matchesPrefix: Bool) {
        self.operator = `operator`
        self.version = version
        self.bound = bound
        self.matchesPrefix = matchesPrefix
    }

    private static func scanOperator(_ bytes: [UInt8], _ range: Range<Int>) -> Operator? {
        let start = range.lowerBound
        guard start < range.upperBound else { return nil }
        let second = start + 1 < range.upperBound ? bytes[start + 1] : 0
        let third = start + 2 < range.upperBound ? bytes[start + 2] : 0
        let equals = UInt8(ascii: "=")
        switch bytes[start] {
        case equals: return second == equals ? (third == equals ? .identical : .equal) : nil
        case UInt8(ascii: "~"): return second == equals ? .compatible : nil
        case UInt8(ascii: "!"): return second == equals ? .notEqual : nil
        case UInt8(ascii: "<"): return second == equals ? .lessOrEqual : .less
        case UInt8(ascii: ">"): return second == equals ? .greaterOrEqual : .greater
        default: return nil
        }
    }

    /// Anything up to white space, a marker's semicolon or a closing parenthesis.
    private static func endOfArbitraryVersion(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var end = range.lowerBound
        while end < range.upperBound, bytes[end] != UInt8(ascii: ";"), bytes[end] != UInt8(ascii: ")"),
            PythonText.whitespaceLength(bytes, at: end) == 0
        {
            end += 1
        }
        return end
    }

    /// Whether naming this clause asks for pre-releases; nil when `===` is followed by no version.
    var asksForPrereleases: Bool? {
        if self.operator == .notEqual || matchesPrefix { return false }
        if let bound { return bound.isPrerelease }
        return (try? Version(version))?.isPrerelease
    }

    /// The version text that equal clauses share.
    private var canonicalVersion: String {
        guard let bound, !matchesPrefix else { return version }
        return self.operator == .compatible ? bound.description : bound.canonical
    }
}

extension VersionSpecifier: Hashable, CustomStringConvertible {
    public static func == (left: VersionSpecifier, right: VersionSpecifier) -> Bool {
        left.operator == right.operator && PythonText.isSame(left.canonicalVersion, right.canonicalVersion)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.operator)
        PythonText.hash(canonicalVersion, into: &hasher)
    }

    /// Operator and version without the white space between them.
    public var description: String { self.operator.rawValue + version }
}

/// A string that is no version clause, or a comma-separated list with one that is none.
public struct InvalidVersionSpecifier: Error, Hashable, Sendable, CustomStringConvertible {
    /// The clause that is wrong.
    public let input: String

    /// What is wrong, for people.
    public var message: String { "Invalid version specifier: \(PythonText.excerpt(input))." }

    public var description: String { message }
}
