package import SQLDatabase

/// Queries on API tokens.
package struct APITokens {
    let connection: any Connection

    /// A token and its user.
    func find(id: String) throws -> (User, APIToken)? {
        try connection.execute(
            """
            SELECT t.id AS token_id, t.user_id, t.description, t.caveats, t.sealed_key, t.origin, t.last_used_at,
                u.id, u.uuid, u.username, u.name, u.password_hash, u.is_active, u.is_frozen, u.is_superuser, u.has_second_factor, u.password_set_at,
                u.factor_generation, u.password_disabled_for
            FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = \(id)
            """
        ).first.map { (try User(row: $0), try APIToken(row: $0)) }
    }

    func insert(
        id: String,
        userID: Int64,
        description: String,
        caveats: [String],
        sealedKey: [UInt8],
        origin: APIToken.Origin,
        now: Int64
    ) throws {
        try connection.execute(
            """
            INSERT INTO api_tokens (id, user_id, description, caveats, sealed_key, origin, created_at)
            VALUES (\(id), \(userID), \(description), \(StringList.encode(caveats)), \(sealedKey), \(origin), \(now))
            """
        )
    }

    func count(userID: Int64) throws -> Int {
        try connection.execute("SELECT COUNT(*) AS count FROM api_tokens WHERE user_id = \(userID)")[0]["count"]
    }

    /// A user's tokens, newest first.
    func list(userID: Int64) throws -> [ListedToken] {
        try connection.execute(
            """
            SELECT id, description, caveats, created_at, last_used_at, last_used_address, last_used_agent FROM api_tokens WHERE user_id = \(userID)
            ORDER BY created_at DESC, description
            """
        ).map(ListedToken.init)
    }

    /// - Returns: what the token was called; `nil` where the user has no such token.
    func delete(id: String, userID: Int64) throws -> String? {
        try connection.execute("DELETE FROM api_tokens WHERE id = \(id) AND user_id = \(userID) RETURNING description").first.map { try $0[at: 0] }
    }

    /// Notes that a token was used; at most once a minute, and never waiting for another process that notes the same.
    func touch(_ token: APIToken, source: RequestSource, now: Int64) throws {
        guard token.isDueForNote(now: now) else { return }
        try connection.execute(
            """
            UPDATE api_tokens SET last_used_at = \(now), last_used_address = \(source.address), last_used_agent = \(source.userAgent?.prefix(300).description)
            WHERE id = (SELECT id FROM api_tokens WHERE id = \(token.id) \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED"))
            """
        )
    }
}

extension Connection {
    package var apiTokens: APITokens { APITokens(connection: self) }
}
