import Foundation
import SQLDatabase

/// Queries on sessions.
struct Sessions {
    let connection: any Connection

    func find(_ hash: String, now: Int64) throws -> String? {
        try connection.execute("SELECT data FROM sessions WHERE id_hash = \(hash) AND expires_at > \(now)").first.map { try $0["data"] }
    }

    /// Keeps a new session. Where there is one of somebody who is logged in under this id already, that one stays.
    func insert(_ hash: String, userID: Int64?, data: String, expiresAt: Int64) throws {
        try connection.execute(
            """
            INSERT INTO sessions (id_hash, user_id, data, expires_at) VALUES (\(hash), \(userID), \(data), \(expiresAt))
            ON CONFLICT (id_hash) DO UPDATE SET user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at
            WHERE sessions.user_id IS NULL
            """
        )
    }

    /// Changes a session that is still there. One that has ended since it was read stays ended.
    func update(_ hash: String, userID: Int64?, data: String, expiresAt: Int64) throws {
        try connection.execute(
            "UPDATE sessions SET user_id = \(userID), data = \(data), expires_at = \(expiresAt) WHERE id_hash = \(hash)"
        )
    }

    func delete(_ hash: String) throws { try connection.execute("DELETE FROM sessions WHERE id_hash = \(hash)") }

    /// - Returns: how many had expired.
    func deleteExpired(now: Int64, limit: Int) throws -> Int {
        try connection.execute(
            """
            DELETE FROM sessions WHERE id_hash IN (SELECT id_hash FROM sessions WHERE expires_at <= \(now) ORDER BY expires_at LIMIT \(limit))
            RETURNING id_hash
            """
        ).count
    }
}

extension Connection {
    var sessions: Sessions { Sessions(connection: self) }
}
