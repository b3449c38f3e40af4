import Credentials
import SQLDatabase

/// Queries on security keys.
struct SecurityKeys {
    let connection: any Connection

    private static let columns: SQL =
        "id, label, credential_id, public_key, sign_count, is_backup_eligible, is_backed_up, transports, created_at, last_used_at"

    /// A user's keys, oldest first.
    func list(userID: Int64) throws -> [SecurityKey] {
        try connection.execute("SELECT \(Self.columns) FROM security_keys WHERE user_id = \(userID) ORDER BY created_at, id").map(SecurityKey.init)
    }

    /// A key and its user, by what the browser calls it.
    func find(_ credentialID: [UInt8]) throws -> (userID: Int64, key: SecurityKey)? {
        try connection.execute("SELECT user_id, \(Self.columns) FROM security_keys WHERE credential_id = \(Base64URL.encode(credentialID))").first.map
        {
            (try $0["user_id"], try SecurityKey(row: $0))
        }
    }

    /// - Throws: ``DatabaseError`` of kind `uniqueViolation` for a key that is registered, or a label in use.
    func insert(_ credential: WebAuthn.Credential, label: String, userID: Int64, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO security_keys
                (user_id, label, credential_id, public_key, sign_count, is_backup_eligible, is_backed_up, transports, created_at)
            VALUES
                (\(userID), \(label), \(Base64URL.encode(credential.id)), \(credential.publicKey), \(Int64(credential.signCount)),
                 \(credential.isBackupEligible), \(credential.isBackedUp), \(StringList.encode(credential.transports)), \(now))
            """
        )
    }

    /// Notes a use, with the counter that it brought.
    ///
    /// - Returns: whether nobody else has used the same counter meanwhile.
    func note(_ updated: WebAuthn.Credential, of key: SecurityKey, now: Int64) throws -> Bool {
        try !connection.execute(
            """
            UPDATE security_keys SET sign_count = \(Int64(updated.signCount)), is_backed_up = \(updated.isBackedUp), last_used_at = \(now)
            WHERE id = \(key.id) AND sign_count = \(Int64(key.credential.signCount)) RETURNING id
            """
        ).isEmpty
    }

    /// - Returns: what the key was called; `nil` where the user has none of that id.
    func delete(id: Int64, userID: Int64) throws -> String? {
        try connection.execute("DELETE FROM security_keys WHERE id = \(id) AND user_id = \(userID) RETURNING label").first.map { try $0[at: 0] }
    }
}

extension Connection {
    var securityKeys: SecurityKeys { SecurityKeys(connection: self) }
}
