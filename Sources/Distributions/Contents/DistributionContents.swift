// What is inside one wheel or source distribution, made once and kept beside it.

/// A summary of one file: enough for a page about it and for comparing it with another, without opening the file again.
///
/// Everything comes from the file, and is what its maker wants it to be, except sizes and digests, which are those of the content: `RECORD`
/// may state others (`MemberSummary.Marks.contradictsRecord`). Texts are made visible (`VisibleText`) and cut where they are very long.
public struct DistributionContents: Sendable, Hashable {
    public enum Format: String, Sendable, Hashable, Codable {
        case wheel
        case sourceDistribution = "sdist"
    }

    /// Whether type checkers use what is in it (PEP 561).
    public enum Typing: String, Sendable, Hashable, Codable {
        case none
        /// A package has a `py.typed`.
        case marker
        /// A package of stubs for another one.
        case stubs
    }

    /// The members that are not listed because there are too many.
    public struct Unlisted: Sendable, Hashable {
        public let count: Int
        /// Their bytes together.
        public let size: Int64
        /// Over their paths and digests; nil when there are none.
        public let digest: MemberDigest?

        static let none = Unlisted(count: 0, size: 0, digest: nil)
    }

    /// The most members that are listed. Left out are data first, then Python files, and what runs at start last.
    public static let listedMembers = 20_000

    public let format: Format
    /// What the members' paths have in common but for the version: `name-version` of a wheel's folders, a source distribution's top folder.
    public let stem: String
    /// Files, links and whatever else is no folder, sorted by path. A zip may have two of one path.
    public let members: [MemberSummary]
    public let unlisted: Unlisted
    /// Bytes of the file itself.
    public let archiveSize: Int64
    /// Bytes of all members, unpacked.
    public let totalSize: Int64
    /// What installing takes, in bytes: as a wheel's `RECORD` states it (of the members it does not list, what they have), else `totalSize`.
    public let installedSize: Int64

    /// `Name` and `Version` of the metadata.
    public let name: String?
    public let version: String?
    /// `Requires-Dist`, in its order, at most `longestList`.
    public let requirements: [String]
    public let requiresPython: String?
    /// `License-File`, as given.
    public let licenseFiles: [String]
    /// Of a source distribution only when an `.egg-info` came with it: else nobody knows before it is built.
    public let entryPoints: [EntryPoint]
    /// Dotted, sorted: as declared (PEP 794, private ones left out), or else the outermost packages and modules there are.
    public let importNames: [String]
    /// The namespace packages they lie in.
    public let importNamespaces: [String]
    /// Whether the names are what the metadata declares. They need not be what is there.
    public let declaresImportNames: Bool
    public let typing: Typing

    /// `Generator` of `WHEEL`.
    public let generator: String?
    /// `Tag` of `WHEEL`, sorted.
    public let tags: [String]
    /// Paths that `RECORD` lists and nobody finds: how many.
    public let missingMembers: Int

    /// The most entries of each list of texts.
    public static let longestList = 2_000
    /// The most bytes of each of them together; what comes after is left out. A page has to read all this.
    static let textBudget = 256 * 1024
    /// The most bytes of the paths of all listed members.
    static let pathBudget = 4 << 20

    /// How many members there are, folders not counted.
    public var memberCount: Int { members.count + unlisted.count }

    /// What runs, or can run, whenever Python starts.
    public var startupFiles: [MemberSummary] { members.filter { $0.kind.runsAtStart } }

    /// The native libraries by their folder, which is empty for those at the top.
    public var nativeLibraries: [String: [MemberSummary]] {
        Dictionary(grouping: members.filter { $0.kind == .nativeLibrary }) { member in
            member.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(member.path[..<$0]) } ?? ""
        }
    }

    /// The member's path without what changes from version to version: how the same member of another release is found.
    public func key(of member: MemberSummary) -> Substring {
        let path = member.path[...]
        guard path.hasPrefix(stem) else { return path }
        let rest = path.dropFirst(stem.count)
        switch format {
        case .sourceDistribution: return rest.hasPrefix("/") ? rest.dropFirst() : path
        case .wheel: return rest.hasPrefix(".dist-info/") || rest.hasPrefix(".data/") ? rest : path
        }
    }

    static func trimmed(_ text: some StringProtocol) -> Substring {
        let scalars = Substring(text).unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return Substring(scalars[first...last])
    }

    /// A text of a stranger on one line, without white space around it, nothing hidden, cut after `limit` characters.
    static func plain(_ text: some StringProtocol, limit: Int = 1_000) -> String {
        let scalars = trimmed(text).unicodeScalars
        // What is hidden takes more room once it is seen.
        let visible = VisibleText.line(String(String.UnicodeScalarView(scalars.prefix(limit)))).text.unicodeScalars
        return String(String.UnicodeScalarView(visible.prefix(limit))) + (max(visible.count, scalars.count) > limit ? "…" : "")
    }
}
