package import SQLDatabase

/// Queries on users' mail addresses.
package struct Emails {
    let connection: any Connection

    /// Whether the user has a primary address that is verified.
    package func hasVerifiedPrimary(userID: Int64) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM emails WHERE user_id = \(userID) AND is_primary AND is_verified").isEmpty
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
