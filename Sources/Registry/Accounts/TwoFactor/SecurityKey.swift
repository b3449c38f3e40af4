import Credentials
import SQLDatabase

/// A security key or passkey of a user.
package struct SecurityKey: Sendable, Hashable {
    package let id: Int64
    /// What its user calls it; unique among their keys.
    package let label: String
    let credential: WebAuthn.Credential
    /// Microseconds since 1970.
    package let createdAt: Int64
    package let lastUsedAt: Int64?

    init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        let (text, count): (String, Int64) = (try row["credential_id"], try row["sign_count"])
        guard let bytes = Base64URL.decode(text.utf8) else { throw DatabaseError(.decoding, "A security key's id is not base64url.") }
        credential = WebAuthn.Credential(
            id: bytes,
            publicKey: try row["public_key"],
            signCount: UInt32(truncatingIfNeeded: count),
            isBackupEligible: try row["is_backup_eligible"],
            isBackedUp: try row["is_backed_up"],
            transports: try StringList.decode(row["transports"])
        )
        createdAt = try row["created_at"]
        lastUsedAt = try row["last_used_at"]
    }

    var descriptor: WebAuthn.Descriptor { WebAuthn.Descriptor(id: credential.id, transports: credential.transports) }
}
