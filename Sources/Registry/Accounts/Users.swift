package import SQLDatabase

/// Queries on users.
package struct Users {
    let connection: any Connection

    private static let columns: SQL =
        "id, uuid, username, name, password_hash, is_active, is_frozen, is_superuser, has_second_factor"

    /// Finds a user by name, whatever its case.
    package func find(_ username: String) throws -> User? {
        try connection.execute("SELECT \(Self.columns) FROM users WHERE folded_username = \(username.lowercased())").first.map(User.init)
    }

    package func find(id: Int64) throws -> User? {
        try connection.execute("SELECT \(Self.columns) FROM users WHERE id = \(id)").first.map(User.init)
    }

    /// - Throws: ``DatabaseError`` of kind `uniqueViolation` when the name is taken.
    func insert(uuid: String, username: String, name: String, passwordHash: String?, isSuperuser: Bool, now: Int64) throws -> User {
        try User(
            row: connection.execute(
                """
                INSERT INTO users (uuid, username, folded_username, name, password_hash, is_superuser, created_at)
                VALUES (\(uuid), \(username), \(username.lowercased()), \(name), \(passwordHash), \(isSuperuser), \(now))
                RETURNING \(Self.columns)
                """
            )[0]
        )
    }
}

extension Connection {
    package var users: Users { Users(connection: self) }
}
