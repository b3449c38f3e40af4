// The names that others publish lists of, all together.

/// One of the lists.
public enum IdentifierList: String, Sendable, CaseIterable {
    /// Trove classifiers in use, in the order to show them in.
    case classifiers
    /// Deprecated classifiers: `old => new, new`.
    case retiredClassifiers = "retired-classifiers"
    /// Modules of every Python version and each dotted prefix, as normalized project names.
    case standardLibrary = "standard-library"
    /// SPDX licence identifiers.
    case licenses
    /// SPDX licence exception identifiers.
    case licenseExceptions = "license-exceptions"
    /// Projects that many others depend on, as normalized names: what a typing mistake is measured against.
    case popularNames = "popular-names"

    /// The list as it was when this program was built, one identifier a line.
    public var bundled: String {
        switch self {
        case .classifiers: IdentifierLists.classifiers
        case .retiredClassifiers: IdentifierLists.retiredClassifiers
        case .standardLibrary: IdentifierLists.standardLibraryNames
        case .licenses: IdentifierLists.licenses
        case .licenseExceptions: IdentifierLists.licenseExceptions
        case .popularNames: PopularNames.bundled
        }
    }
}

/// What the rules of an index look names up in. A class: the tables are large and shared by all who judge.
public final class Identifiers: Sendable {
    public let classifiers: Classifiers
    public let standardLibrary: StandardLibrary
    public let licenses: LicenseIdentifiers
    public let popularNames: PopularNames

    /// The lists this program was built with.
    public static let bundled = Identifiers()

    /// - Parameter lists: newer lists, one identifier a line; where there is none, the one this program was built with counts.
    public init(_ lists: [IdentifierList: String] = [:]) {
        func lines(_ list: IdentifierList) -> [String] {
            (lists[list] ?? list.bundled).utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
        }
        classifiers = Classifiers(all: lines(.classifiers), retired: lines(.retiredClassifiers))
        standardLibrary = StandardLibrary(names: lines(.standardLibrary))
        licenses = LicenseIdentifiers(licenses: lines(.licenses), exceptions: lines(.licenseExceptions))
        popularNames = PopularNames(names: lines(.popularNames))
    }
}
