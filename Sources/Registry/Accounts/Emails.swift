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
    @discardableResult
    func insert(userID: Int64, address: String, isPrimary: Bool, isVerified: Bool) throws -> Int64 {
        try connection.execute(
            """
            INSERT INTO emails (user_id, address, folded_address, is_primary, is_verified)
            VALUES (\(userID), \(address), \(address.lowercased()), \(isPrimary), \(isVerified)) RETURNING id
            """
        )[0]["id"]
    }

    private static let columns: SQL = "id, user_id, address, is_primary, is_verified, is_public"

    /// An address and its user.
    func find(id: Int64) throws -> (Email, userID: Int64)? {
        try connection.execute("SELECT \(Self.columns) FROM emails WHERE id = \(id)").first.map { (try Email(row: $0), try $0["user_id"]) }
    }

    /// An address, whatever its case, and its user.
    func find(address: String) throws -> (Email, userID: Int64)? {
        try connection.execute("SELECT \(Self.columns) FROM emails WHERE folded_address = \(address.lowercased())").first.map {
            (try Email(row: $0), try $0["user_id"])
        }
    }

    /// Where mails to a user go; `nil` where that is not known to be theirs.
    func verifiedPrimary(userID: Int64) throws -> String? {
        try connection.execute("SELECT address FROM emails WHERE user_id = \(userID) AND is_primary AND is_verified").first.map { try $0[at: 0] }
    }

    /// Whether verified or not.
    func primary(userID: Int64) throws -> String? {
        try connection.execute("SELECT address FROM emails WHERE user_id = \(userID) AND is_primary").first.map { try $0[at: 0] }
    }

    func setVerified(id: Int64) throws { try connection.execute("UPDATE emails SET is_verified = TRUE WHERE id = \(id)") }

    func setPrimary(id: Int64, userID: Int64) throws {
        // Two steps: there is never more than one.
        try connection.execute("UPDATE emails SET is_primary = FALSE WHERE user_id = \(userID) AND is_primary")
        try connection.execute("UPDATE emails SET is_primary = TRUE WHERE id = \(id)")
    }

    func delete(id: Int64) throws { try connection.execute("DELETE FROM emails WHERE id = \(id)") }
}

extension Connection {
    package var emails: Emails { Emails(connection: self) }
}
