package import SQLDatabase

/// Queries on users.
package struct Users {
    let connection: any Connection

    private static let columns: SQL =
        "id, uuid, username, name, password_hash, is_active, is_frozen, is_superuser, has_second_factor, password_set_at, factor_generation, password_disabled_for"

    /// Finds a user by name, whatever its case.
    package func find(_ username: String) throws -> User? {
        try connection.execute("SELECT \(Self.columns) FROM users WHERE folded_username = \(username.lowercased())").first.map(User.init)
    }

    package func find(id: Int64) throws -> User? {
        try connection.execute("SELECT \(Self.columns) FROM users WHERE id = \(id)").first.map(User.init)
    }

    /// Finds a user by the id that tokens carry.
    func find(uuid: String) throws -> User? {
        try connection.execute("SELECT \(Self.columns) FROM users WHERE uuid = \(uuid)").first.map(User.init)
    }

    /// Somebody who has logged in, with all that is asked of them on every page, and whether nobody is known from where they are.
    func visitor(_ id: Int64, place: String, now: Int64) throws -> (Visitor, isBanned: Bool)? {
        try connection.execute(
            """
            SELECT \(Self.columns),
                EXISTS (SELECT 1 FROM emails e WHERE e.user_id = users.id AND e.is_primary AND e.is_verified) AS has_verified_email,
                EXISTS (SELECT 1 FROM address_bans b WHERE b.place = \(place) AND (b.expires_at IS NULL OR b.expires_at > \(now))) AS is_banned
            FROM users WHERE id = \(id)
            """
        ).first.map { (Visitor(user: try User(row: $0), hasVerifiedEmail: try $0["has_verified_email"]), try $0["is_banned"]) }
    }

    /// In microseconds since 1970; `nil`: never.
    func lastLogin(_ id: Int64) throws -> Int64? {
        try connection.execute("SELECT last_login_at FROM users WHERE id = \(id)").first.flatMap { try $0["last_login_at"] }
    }

    /// In microseconds since 1970.
    func createdAt(_ id: Int64) throws -> Int64 { try connection.execute("SELECT created_at FROM users WHERE id = \(id)")[0]["created_at"] }

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

    /// Whether there is any.
    func isEmpty() throws -> Bool { try connection.execute("SELECT 1 AS found FROM users LIMIT 1").isEmpty }

    func setPassword(of id: Int64, hash: String, now: Int64) throws {
        try connection.execute("UPDATE users SET password_hash = \(hash), password_set_at = \(now), password_disabled_for = NULL WHERE id = \(id)")
    }

    /// Nobody logs in with the password any more, and every session that began with it ends.
    func disablePassword(of id: Int64, _ reason: User.PasswordDisabling, now: Int64) throws {
        try connection.execute("UPDATE users SET password_disabled_for = \(reason.rawValue), password_set_at = \(now) WHERE id = \(id)")
    }

    /// The same password, hashed as passwords are hashed now: it ends no session.
    func rehash(_ id: Int64, from old: String, to hash: String) throws {
        try connection.execute("UPDATE users SET password_hash = \(hash) WHERE id = \(id) AND password_hash = \(old)")
    }

    /// Whether there is no other administrator who can log in.
    func isLastSuperuser(_ id: Int64) throws -> Bool {
        try connection.execute("SELECT 1 AS found FROM users WHERE is_superuser AND is_active AND NOT is_frozen AND id <> \(id) LIMIT 1").isEmpty
    }

    /// What is theirs alone goes with them.
    func delete(_ id: Int64) throws { try connection.execute("DELETE FROM users WHERE id = \(id)") }

    func setName(of id: Int64, _ name: String) throws { try connection.execute("UPDATE users SET name = \(name) WHERE id = \(id)") }

    func noteLogin(of id: Int64, now: Int64) throws { try connection.execute("UPDATE users SET last_login_at = \(now) WHERE id = \(id)") }
}

extension Connection {
    package var users: Users { Users(connection: self) }
}
