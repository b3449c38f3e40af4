// Versions and version specifiers.

#if !FUZZING
@testable import Packaging
#endif

/// Lines that are versions and lines that are specifiers, all against all. A version comes back from its own text; versions are in one total order.
@Sendable func brokenVersion(_ bytes: [UInt8]) -> String? {
    guard let lines = fuzzLines(bytes)?.prefix(8) else { return nil }
    let versions = lines.compactMap { try? Version($0) }
    for version in versions {
        for text in [version.description, version.canonical] {
            guard let again = try? Version(text) else { return "'\(text)' can not be read again" }
            guard again == version, again.hashValue == version.hashValue else { return "'\(text)' reads as another version" }
        }
        guard let again = try? Version(version.description), isSameText(again.description, version.description) else {
            return "\(version) is written in two ways"
        }
        guard (try? Version(version.base)) != nil, (try? Version(version.public)) != nil else { return "a part of \(version) is no version" }
    }
    return brokenOrder(versions) ?? brokenSpecifiers(lines, versions)
}

private func brokenOrder(_ versions: [Version]) -> String? {
    for one in versions {
        for two in versions {
            let relations = [one < two, one == two, two < one].count { $0 }
            guard relations == 1 else { return "\(one) and \(two) stand in \(relations) relations" }
            guard (one == two) == (one.sortKey == two.sortKey) else { return "the sort keys of \(one) and \(two) say otherwise" }
            guard (one < two) == one.sortKey.lexicographicallyPrecedes(two.sortKey) else { return "\(one) and \(two) are sorted otherwise" }
            for three in versions where one < two && two < three && !(one < three) { return "\(one) < \(two) < \(three), but not \(one) < \(three)" }
        }
    }
    return nil
}

private func brokenSpecifiers(_ lines: ArraySlice<String>, _ versions: [Version]) -> String? {
    for line in lines {
        guard let set = try? VersionSpecifierSet(line) else { continue }
        guard let again = try? VersionSpecifierSet(set.description) else { return "'\(set)' can not be read again" }
        guard again == set, isSameText(again.description, set.description) else { return "'\(set)' reads as another set" }
        for version in versions {
            let accepted = set.contains(version, prereleases: true)
            guard accepted == set.specifiers.allSatisfy({ $0.contains(version, prereleases: true) }) else {
                return "'\(set)' and its clauses disagree on \(version)"
            }
            guard accepted == set.contains(version.description, prereleases: true) else { return "'\(set)' disagrees with itself on \(version)" }
            for specifier in set.specifiers {
                guard let opposite = specifier.opposite else { continue }
                guard specifier.contains(version) != opposite.contains(version) else { return "\(specifier) and \(opposite) agree on \(version)" }
            }
        }
    }
    return nil
}

extension VersionSpecifier {
    /// The clause that accepts what this one refuses.
    fileprivate var opposite: VersionSpecifier? {
        switch self.operator {
        case .equal: try? VersionSpecifier("!=\(version)")
        case .notEqual: try? VersionSpecifier("==\(version)")
        default: nil
        }
    }
}
