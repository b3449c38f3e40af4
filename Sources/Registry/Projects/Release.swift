import SQLDatabase

/// A release: one version of a project.
package struct Release: Sendable, Hashable {
    package let id: Int64
    package let projectID: Int64
    /// `str(Version)`: normalized, zeros kept.
    package let version: String
    package let canonicalVersion: String
    package let requiresPython: String?
    /// Microseconds since 1970.
    package let createdAt: Int64

    init(row: Row) throws {
        id = try row["id"]
        projectID = try row["project_id"]
        version = try row["version"]
        canonicalVersion = try row["canonical_version"]
        requiresPython = try row["requires_python"]
        createdAt = try row["created_at"]
    }
}
