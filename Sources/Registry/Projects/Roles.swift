package import Packaging
package import SQLDatabase

/// Queries on roles.
package struct Roles {
    let connection: any Connection

    package func find(projectID: Int64, userID: Int64) throws -> Role? {
        try connection.execute("SELECT name FROM roles WHERE project_id = \(projectID) AND user_id = \(userID)").first.map { row in
            Role(userID: userID, projectID: projectID, name: try row["name"])
        }
    }

    /// The projects on which a user has a role of their own, by normalized name.
    func projectNames(userID: Int64) throws -> [String] {
        try connection.execute(
            "SELECT p.normalized_name FROM roles r JOIN projects p ON p.id = r.project_id WHERE r.user_id = \(userID) ORDER BY p.normalized_name"
        ).map { try $0[at: 0] }
    }

    /// Whoever has a role of their own on a project: owners first, then by name.
    package func holders(of project: NormalizedName) throws -> [(role: Role.Name, username: String)] {
        try connection.execute(
            """
            SELECT r.name, u.username FROM projects p JOIN roles r ON r.project_id = p.id JOIN users u ON u.id = r.user_id
            WHERE p.normalized_name = \(project.value) ORDER BY r.name DESC, u.username
            """
        ).map { (try $0[at: 0], try $0[at: 1]) }
    }

    /// The projects on which somebody has a role of their own: those they own first, then by name.
    ///
    /// - Parameter username: in any case.
    package func projects(of username: String) throws -> [(role: Role.Name, name: String)] {
        try connection.execute(
            """
            SELECT r.name, p.name AS project FROM users u JOIN roles r ON r.user_id = u.id JOIN projects p ON p.id = r.project_id
            WHERE u.folded_username = \(username.lowercased()) ORDER BY r.name DESC, p.normalized_name
            """
        ).map { (try $0[at: 0], try $0[at: 1]) }
    }

    /// The projects that have this owner and no other, by normalized name. One that an organization owns has that.
    func solelyOwned(by userID: Int64) throws -> [String] {
        try connection.execute(
            """
            SELECT p.normalized_name FROM roles r JOIN projects p ON p.id = r.project_id
            WHERE r.user_id = \(userID) AND r.name = \(Role.Name.owner) AND p.organization_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM roles o WHERE o.project_id = r.project_id AND o.name = \(Role.Name.owner) AND o.user_id <> \(userID)
            ) ORDER BY p.normalized_name
            """
        ).map { try $0[at: 0] }
    }

    package func insert(_ role: Role) throws {
        for project in try connection.execute("SELECT normalized_name FROM projects WHERE id = \(role.projectID)") {
            try connection.touch(.project(NormalizedName(normalizing: project[at: 0])))
        }
        for user in try connection.execute("SELECT username FROM users WHERE id = \(role.userID)") { try connection.touch(.user(user[at: 0])) }
        try connection.execute("INSERT INTO roles (project_id, user_id, name) VALUES (\(role.projectID), \(role.userID), \(role.name))")
    }
}

extension Connection {
    package var roles: Roles { Roles(connection: self) }
}
