package import SQLDatabase

/// A place from which nobody is known.
package struct AddressBan: Sendable, Hashable {
    /// An IPv4 address, or an IPv6 network.
    package let place: String
    package let reason: String
    /// Microseconds since 1970; `nil`: it does not end by itself.
    package let expiresAt: Int64?

    init(row: Row) throws {
        place = try row["place"]
        reason = try row["reason"]
        expiresAt = try row["expires_at"]
    }
}

/// Queries on places that are kept out (index §10.3): whoever comes from there logs in to nothing, and neither sessions nor tokens say who they are.
package struct AddressBans {
    let connection: any Connection

    /// Whether a request comes from such a place.
    func covers(_ source: RequestSource, now: Int64) throws -> Bool {
        try !connection.execute(
            "SELECT 1 AS found FROM address_bans WHERE place = \(source.place) AND (expires_at IS NULL OR expires_at > \(now))"
        ).isEmpty
    }

    func upsert(_ place: String, reason: String, expiresAt: Int64?, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO address_bans (place, reason, created_at, expires_at) VALUES (\(place), \(reason), \(now), \(expiresAt))
            ON CONFLICT (place) DO UPDATE SET reason = excluded.reason, expires_at = excluded.expires_at
            """
        )
    }

    /// - Returns: whether it was banned.
    func delete(_ place: String) throws -> Bool {
        try !connection.execute("DELETE FROM address_bans WHERE place = \(place) RETURNING place").isEmpty
    }

    package func list() throws -> [AddressBan] {
        try connection.execute("SELECT place, reason, expires_at FROM address_bans ORDER BY place").map(AddressBan.init)
    }
}

extension Connection {
    package var addressBans: AddressBans { AddressBans(connection: self) }
}
