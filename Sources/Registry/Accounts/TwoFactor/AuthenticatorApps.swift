import SQLDatabase

/// Queries on authenticator apps: the secrets of one-time passwords, one for each user at most.
struct AuthenticatorApps {
    let connection: any Connection

    func find(userID: Int64) throws -> (sealedSecret: [UInt8], lastStep: Int64)? {
        try connection.execute("SELECT sealed_secret, last_step FROM authenticator_apps WHERE user_id = \(userID)").first.map {
            (try $0["sealed_secret"], try $0["last_step"])
        }
    }

    func upsert(userID: Int64, sealedSecret: [UInt8], lastStep: Int64, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO authenticator_apps (user_id, sealed_secret, last_step, created_at) VALUES (\(userID), \(sealedSecret), \(lastStep), \(now))
            ON CONFLICT (user_id) DO UPDATE SET
                sealed_secret = excluded.sealed_secret, last_step = excluded.last_step, created_at = excluded.created_at
            """
        )
    }

    /// Takes a step, once.
    ///
    /// - Returns: whether it is later than any that was taken.
    func take(step: Int64, userID: Int64) throws -> Bool {
        try !connection.execute(
            "UPDATE authenticator_apps SET last_step = \(step) WHERE user_id = \(userID) AND last_step < \(step) RETURNING user_id"
        ).isEmpty
    }

    /// - Returns: whether there was one.
    func delete(userID: Int64) throws -> Bool {
        try !connection.execute("DELETE FROM authenticator_apps WHERE user_id = \(userID) RETURNING user_id").isEmpty
    }
}

extension Connection {
    var authenticatorApps: AuthenticatorApps { AuthenticatorApps(connection: self) }
}
