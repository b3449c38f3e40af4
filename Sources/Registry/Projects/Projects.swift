package import Packaging
package import SQLDatabase

/// Queries on projects.
package struct Projects {
    let connection: any Connection

    private static let columns: SQL =
        """
        id, uuid, name, normalized_name, organization_id, lifecycle_status, last_serial, total_size, file_size_limit, total_size_limit
        """

    package func find(_ name: NormalizedName) throws -> Project? {
        try connection.execute("SELECT \(Self.columns) FROM projects WHERE normalized_name = \(name.value)").first.map(Project.init)
    }

    package func find(id: Int64) throws -> Project? {
        try connection.execute("SELECT \(Self.columns) FROM projects WHERE id = \(id)").first.map(Project.init)
    }

    /// Finds a project and holds it until the transaction ends: whoever else changes it waits.
    func findForUpdate(_ name: NormalizedName) throws -> Project? {
        try connection.execute(
            "SELECT \(Self.columns) FROM projects WHERE normalized_name = \(name.value) \(sqlite: "", postgres: "FOR UPDATE")"
        ).first.map(Project.init)
    }

    /// Whether a project's name could be mistaken for `ultranormalized`'s (index §0.6).
    func existsSimilar(to ultranormalized: String) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM projects WHERE ultranormalized_name = \(ultranormalized) LIMIT 1").isEmpty
    }

    /// Projects come into being one after the other, so that of two that look alike only one does.
    func lockNames() throws {
        if connection.dialect == .postgres { try connection.execute("SELECT pg_advisory_xact_lock(7239411921)") }
    }

    func insert(uuid: String, name: ProjectName, now: Int64) throws -> Project {
        // Its own page too: until now that said that there is no such project.
        try connection.touch(.project(name.normalized), .allProjects)
        return try Project(
            row: connection.execute(
                """
                INSERT INTO projects (uuid, name, normalized_name, ultranormalized_name, created_at)
                VALUES (\(uuid), \(name.raw), \(name.normalized.value), \(name.ultranormalized), \(now))
                RETURNING \(Self.columns)
                """
            )[0]
        )
    }

    /// Takes over the spelling of the newest upload.
    func rename(_ project: Project, to name: ProjectName) throws {
        try connection.execute("UPDATE projects SET name = \(name.raw) WHERE id = \(project.id)")
        try connection.touch(.project(project.normalizedName), .allProjects)
    }

    func addSize(_ size: Int64, to project: Project) throws {
        try connection.execute("UPDATE projects SET total_size = total_size + \(size) WHERE id = \(project.id)")
    }

    /// The largest file-size limit that any project or organization has been given.
    func largestFileSizeLimit() throws -> Int64? {
        try connection.execute(
            """
            SELECT MAX(file_size_limit) AS largest FROM (
                SELECT MAX(file_size_limit) AS file_size_limit FROM projects WHERE file_size_limit IS NOT NULL
                UNION ALL SELECT MAX(file_size_limit) FROM organizations
            ) AS limits
            """
        )[0]["largest"]
    }
}

extension Connection {
    package var projects: Projects { Projects(connection: self) }
}
