package import Packaging
import SQLDatabase

/// Reads the list of all projects in runs, at one point in time.
package struct ProjectListReader {
    let connection: any Connection

    /// Whose rows of the list changed.
    package enum Changes: Sendable, Equatable {
        case projects(Set<NormalizedName>)
        /// Nobody knows which.
        case unknown
    }

    /// Beyond so many it is cheaper to read everything again.
    private static let mostEntries = 4096

    /// What changed behind the entry `number` of the touched tags, by any process.
    ///
    /// - Returns: the number of the newest entry, and whose rows changed.
    package func changes(since number: Int64) throws -> (number: Int64, changes: Changes) {
        let last = try connection.touchedTags.lastNumber()
        guard last != number else { return (last, .projects([])) }
        guard last > number, last - number <= Self.mostEntries else { return (last, .unknown) }
        let entries = try connection.touchedTags.entries(after: number, limit: Self.mostEntries)
        guard Int64(entries.count) == last - number else { return (last, .unknown) }
        var names: Set<NormalizedName> = []
        for entry in entries {
            let touched = entry.tags.compactMap { tag in if case .project(let name) = tag { name } else { nil } }
            if entry.isPartlyUnknown || entry.tags.contains(.everything) { return (last, .unknown) }
            // The list was touched, but by no project.
            if touched.isEmpty && entry.tags.contains(.allProjects) { return (last, .unknown) }
            names.formUnion(touched)
        }
        return (last, .projects(names))
    }

    package func lastNumber() throws -> Int64 { try connection.touchedTags.lastNumber() }

    package func lastSerial() throws -> Int64 { try connection.journal.lastSerial() }

    /// The projects from one name up to another, by name, without those in quarantine.
    ///
    /// - Parameters:
    ///   - end: excluded; `nil` for no end.
    ///   - limit: the most to read.
    package func projects(from start: String, to end: String?, limit: Int = .max) throws -> [SimpleIndex.Entry] {
        try connection.execute(SimpleListing.projects(from: start, to: end, limit: limit)).map { row in
            SimpleIndex.Entry(name: try row[at: 0], normalizedName: NormalizedName(normalizing: try row[at: 1]), lastSerial: try row[at: 2])
        }
    }
}

extension PackageIndex {
    /// Runs `body` on a snapshot of the list of projects.
    package func readProjectList<Result: Sendable>(_ body: @escaping @Sendable (ProjectListReader) throws -> Result) async throws -> Result {
        try await readForPages { try body(ProjectListReader(connection: $0)) }
    }
}
