package import SQLDatabase

/// Queries on users' mail addresses.
package struct Emails {
    let connection: any Connection

    /// Whether the user has a primary address that is verified.
    package func hasVerifiedPrimary(userID: Int64) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM emails WHERE user_id = \(userID) AND is_primary AND is_verified").isEmpty
    }

    /// A user's addresses: the primary one first, then those that are verified, then by alphabet.
    func list(userID: Int64) throws -> [Email] {
        try connection.execute(
            """
            SELECT id, address, is_primary, is_verified, is_public FROM emails WHERE user_id = \(userID)
            ORDER BY is_primary DESC, is_verified DESC, folded_address
            """
        ).map(Email.init)
    }

    /// - Throws: ``DatabaseError`` of kind `uniqueViolation` when somebody has the address.
    func insert(userID: Int64, address: String, isPrimary: Bool, isVerified: Bool) throws {
        try connection.execute(
            """
            INSERT INTO emails (user_id, address, folded_address, is_primary, is_verified)
            VALUES (\(userID), \(address), \(address.lowercased()), \(isPrimary), \(isVerified))
            """
        )
    }
}

extension Connection {
    package var emails: Emails { Emails(connection: self) }
}
