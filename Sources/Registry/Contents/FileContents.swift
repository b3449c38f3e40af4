// What is kept of the inside of a file.

package import Distributions
import SQLDatabase

/// The summary of one file, or why there is none.
package struct FileContents: Sendable {
    /// What pages show without looking into the summary. The lists are cut.
    package struct Facts: Sendable, Hashable {
        /// In bytes.
        package let installedSize: Int64
        package let memberCount: Int
        package let typing: DistributionContents.Typing
        /// Names of console scripts.
        package let commands: [String]
        /// Dotted.
        package let importNames: [String]
        /// Members that are the project's own licences, or all that there are, by their visible paths.
        package let licensePaths: [String]

        /// The most entries of each list.
        package static let listed = 20
        /// In bytes: longer ones are not listed.
        private static let longest = 200
    }

    package let fileID: Int64
    /// Who made it (``current``).
    package let format: Int
    /// Why the file could not be read, in English; `nil` where it could.
    package let fault: String?
    package let facts: Facts
    private let summary: [UInt8]?
    /// Microseconds since 1970.
    package let madeAt: Int64

    /// The number of what this version makes: what has another one is made anew.
    static let current = DistributionContents.codingVersion

    /// The summary itself. Takes some milliseconds for each thousand members, so not in a transaction.
    ///
    /// - Returns: `nil` where there is none, or it is of a version that this one does not know.
    package func decoded() -> DistributionContents? { summary.flatMap { try? DistributionContents(encoded: $0) } }

    init(row: Row) throws {
        fileID = try row["file_id"]
        format = try row["format"]
        fault = try row["fault"]
        facts = try Facts(row: row)
        summary = try row["summary"]
        madeAt = try row["made_at"]
    }
}

extension FileContents.Facts {
    init(_ contents: DistributionContents) {
        func cut(_ texts: [String]) -> [String] { Array(texts.lazy.filter { $0.utf8.count <= Self.longest }.prefix(Self.listed)) }
        installedSize = contents.installedSize
        memberCount = contents.memberCount
        typing = contents.typing
        commands = cut(contents.entryPoints.filter { $0.group == "console_scripts" }.map(\.name))
        importNames = cut(contents.importNames)
        let licenses = contents.members.filter { $0.kind == .license }
        // Of what it brings along from others there may be many: its own are told, if it has any.
        let own = licenses.filter { member in
            let key = contents.key(of: member)
            return contents.format == .wheel ? key.hasPrefix(".dist-info/") : !key.contains("/")
        }
        licensePaths = cut((own.isEmpty ? licenses : own).map(\.path))
    }

    init(row: Row) throws {
        installedSize = try row["installed_size"]
        memberCount = try row["member_count"]
        typing = DistributionContents.Typing(rawValue: try row["typing"]) ?? .none
        commands = try StringList.decode(row["commands"])
        importNames = try StringList.decode(row["import_names"])
        licensePaths = try StringList.decode(row["license_paths"])
    }
}
