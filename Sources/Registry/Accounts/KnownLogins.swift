import SQLDatabase

/// Queries on where users have logged in from.
struct KnownLogins {
    let connection: any Connection

    /// How long an address is remembered after it was last used: 90 days, in microseconds.
    static let memory: Int64 = 90 * 86400 * 1_000_000

    /// Whether the user has logged in from there before, and it counted.
    func isKnown(_ address: String, userID: Int64, now: Int64) throws -> Bool {
        try !connection.execute(
            "SELECT 1 AS found FROM known_logins WHERE user_id = \(userID) AND address = \(address) AND is_confirmed AND expires_at > \(now)"
        ).isEmpty
    }

    func deleteExpired(now: Int64) throws { try connection.execute("DELETE FROM known_logins WHERE expires_at <= \(now)") }

    /// The user has logged in from there, in a way that nobody else can have.
    func confirm(_ address: String, userID: Int64, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO known_logins (user_id, address, is_confirmed, expires_at) VALUES (\(userID), \(address), TRUE, \(now + Self.memory))
            ON CONFLICT (user_id, address) DO UPDATE SET is_confirmed = TRUE, expires_at = excluded.expires_at
            """
        )
    }
}

extension Connection {
    var knownLogins: KnownLogins { KnownLogins(connection: self) }
}
