package import Packaging
import SQLDatabase

/// Something new, as feeds tell it.
package struct NewEntry: Sendable, Hashable {
    package let project: String
    package let normalizedName: String
    package let version: String
    package let summary: String
    /// Mail addresses, comma-joined; `nil` where none is given.
    package let author: String?
    /// Microseconds since 1970.
    package let createdAt: Int64

    init(row: Row) throws {
        project = try row["name"]
        normalizedName = try row["normalized_name"]
        version = try row["version"]
        summary = try (row["summary"] as String?) ?? ""
        let address = try (row["author_email"] as String?).flatMap { EmailAddressList.firstAddress(in: $0) }
        author = address.flatMap { $0.contains("@") ? $0 : nil }
        createdAt = try row["created_at"]
    }
}

extension PackageIndex {
    private static let seen: SQL = "p.lifecycle_status IS DISTINCT FROM 'quarantine-enter' AND r.status IS DISTINCT FROM 'quarantine-enter'"

    /// The newest releases of all projects, the newest first.
    package func newestReleases(limit: Int) async throws -> [NewEntry] {
        try await queryForPages(
            """
            SELECT p.name, p.normalized_name, r.version, r.summary, r.author_email, r.created_at
            FROM releases r JOIN projects p ON p.id = r.project_id WHERE \(Self.seen) ORDER BY r.created_at DESC, r.id DESC LIMIT \(limit)
            """
        ).map(NewEntry.init)
    }

    /// The newest projects that have a release, the newest first, each with its newest release.
    package func newestProjects(limit: Int) async throws -> [NewEntry] {
        try await queryForPages(
            """
            SELECT p.name, p.normalized_name, r.version, r.summary, r.author_email, p.created_at
            FROM projects p JOIN releases r ON r.id = (SELECT id FROM releases WHERE project_id = p.id ORDER BY created_at DESC, id DESC LIMIT 1)
            WHERE \(Self.seen) ORDER BY p.created_at DESC, p.id DESC LIMIT \(limit)
            """
        ).map(NewEntry.init)
    }

    /// - Returns: the project's name as it was last uploaded, and its newest releases; `nil` where there is no such project.
    package func newestReleases(of name: NormalizedName, limit: Int) async throws -> (project: String, entries: [NewEntry])? {
        try await readForPages { tx in
            guard let project = try tx.projects.find(name), project.lifecycleStatus != .quarantined else { return nil }
            let rows = try tx.execute(
                """
                SELECT p.name, p.normalized_name, r.version, r.summary, r.author_email, r.created_at
                FROM releases r JOIN projects p ON p.id = r.project_id WHERE p.id = \(project.id) AND \(Self.seen)
                ORDER BY r.created_at DESC, r.id DESC LIMIT \(limit)
                """
            )
            return (project.name, try rows.map(NewEntry.init))
        }
    }
}
