// A comma-separated list of version clauses, as in `Requires-Python`.

/// Version clauses that must all hold, such as `<4,>=3.8`. The empty set accepts everything.
public struct VersionSpecifierSet: Hashable, Sendable, CustomStringConvertible {
    /// The clauses, sorted by their text and without duplicates.
    public let specifiers: [VersionSpecifier]

    /// The set without clauses.
    public static let any = VersionSpecifierSet(specifiers: [])

    /// Reads a comma-separated list; empty items are ignored.
    /// - Throws: `InvalidVersionSpecifier` naming the first clause that is wrong.
    public init(_ string: String) throws(InvalidVersionSpecifier) {
        let bytes = Array(string.utf8)
        var specifiers: [VersionSpecifier] = []
        var start = 0
        while start <= bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: ",") { end += 1 }
            let range = PythonText.stripped(bytes, start..<end)
            if !range.isEmpty {
                guard let specifier = VersionSpecifier.read(bytes, range) else {
                    throw InvalidVersionSpecifier(input: String(decoding: bytes[range], as: UTF8.self))
                }
                specifiers.append(specifier)
            }
            start = end + 1
        }
        self.init(specifiers: specifiers)
    }

    /// A set of the given clauses.
    public init(specifiers: [VersionSpecifier]) {
        if specifiers.count <= 1 {
            self.specifiers = specifiers
            return
        }
        let sorted = specifiers.map { (text: $0.description, specifier: $0) }.sorted { PythonText.precedes($0.text, $1.text) }
        var seen: Set<VersionSpecifier> = []
        self.specifiers = sorted.compactMap { seen.insert($0.specifier).inserted ? $0.specifier : nil }
    }

    /// Whether there is no clause.
    public var isEmpty: Bool { specifiers.isEmpty }

    /// Whether a version satisfies every clause.
    ///
    /// - Parameter prereleases: false refuses pre-releases; true accepts them; nil accepts them too, since a single version has no
    ///   final release to be preferred to it (PEP 440).
    public func contains(_ version: Version, prereleases: Bool? = nil) -> Bool {
        if prereleases == false, version.isPrerelease { return false }
        return specifiers.allSatisfy { $0.contains(version) }
    }

    /// The same for text. Text that is no version satisfies `===` clauses and the empty set only.
    public func contains(_ version: String, prereleases: Bool? = nil) -> Bool {
        let parsed = try? Version(version)
        if prereleases == false, parsed?.isPrerelease == true { return false }
        return specifiers.allSatisfy { specifier in
            if specifier.operator == .identical { return specifier.matchesText(version) }
            return parsed.map { specifier.contains($0) } ?? false
        }
    }

    /// The clauses joined by commas, in the order `packaging` writes them: `>=3.8, <4` → `<4,>=3.8`.
    public var description: String { specifiers.map(\.description).joined(separator: ",") }
}
