import SQLDatabase

/// Queries on recovery codes.
struct RecoveryCodes {
    let connection: any Connection

    /// How many there are that have not been used, and that have.
    func counts(userID: Int64) throws -> (left: Int, burned: Int) {
        let row = try connection.execute(
            "SELECT COUNT(*) AS count, COUNT(burned_at) AS burned FROM recovery_codes WHERE user_id = \(userID)"
        )[0]
        let (count, burned): (Int, Int) = (try row["count"], try row["burned"])
        return (count - burned, burned)
    }

    /// These in the place of all that there were.
    func replace(userID: Int64, hashes: [String], now: Int64) throws {
        try connection.execute("DELETE FROM recovery_codes WHERE user_id = \(userID)")
        for hash in hashes {
            try connection.execute("INSERT INTO recovery_codes (code_hash, user_id, created_at) VALUES (\(hash), \(userID), \(now))")
        }
    }

    /// Uses a code, once.
    ///
    /// - Parameter candidates: the hashes that it may be kept as.
    func burn(_ candidates: [String], userID: Int64, now: Int64) throws -> Bool {
        for hash in candidates {
            let burned = try connection.execute(
                """
                UPDATE recovery_codes SET burned_at = \(now) WHERE code_hash = \(hash) AND user_id = \(userID) AND burned_at IS NULL
                RETURNING code_hash
                """
            )
            if !burned.isEmpty { return true }
        }
        return false
    }

    /// The one of these that the user has and has not used.
    func findUnused(_ candidates: [String], userID: Int64) throws -> String? {
        for hash in candidates {
            let found = try connection.execute(
                "SELECT 1 AS found FROM recovery_codes WHERE code_hash = \(hash) AND user_id = \(userID) AND burned_at IS NULL"
            )
            if !found.isEmpty { return hash }
        }
        return nil
    }

    func isBurned(_ candidates: [String], userID: Int64) throws -> Bool {
        for hash in candidates {
            let found = try connection.execute(
                "SELECT 1 AS found FROM recovery_codes WHERE code_hash = \(hash) AND user_id = \(userID) AND burned_at IS NOT NULL"
            )
            if !found.isEmpty { return true }
        }
        return false
    }
}

extension Connection {
    var recoveryCodes: RecoveryCodes { RecoveryCodes(connection: self) }
}
