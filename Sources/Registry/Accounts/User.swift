import SQLDatabase

/// A person with an account.
package struct User: Sendable, Hashable {
    package let id: Int64
    /// The id that tokens carry: it means nothing to outsiders and never changes.
    package let uuid: String
    package let username: String
    package let name: String
    package let passwordHash: String?
    package let isActive: Bool
    /// Set while an account is suspected to be in the wrong hands.
    package let isFrozen: Bool
    package let isSuperuser: Bool
    package let hasSecondFactor: Bool
    /// When the password was last set, in microseconds since 1970; 0 for one that is as old as the account.
    package let passwordSetAt: Int64
    /// Raised with every change of the second factors.
    let factorGeneration: Int64
    /// Why nobody logs in with the password until another one is set.
    let passwordDisabledFor: PasswordDisabling?

    /// Why a password opens nothing any more (platform §1.15).
    package enum PasswordDisabling: String, Sendable {
        /// It is on a public list.
        case compromised = "password compromised"
        case byOperator = "admin initiated"
    }

    init(row: Row) throws {
        id = try row["id"]
        uuid = try row["uuid"]
        username = try row["username"]
        name = try row["name"]
        passwordHash = try row["password_hash"]
        isActive = try row["is_active"]
        isFrozen = try row["is_frozen"]
        isSuperuser = try row["is_superuser"]
        hasSecondFactor = try row["has_second_factor"]
        passwordSetAt = try row["password_set_at"]
        factorGeneration = try row["factor_generation"]
        passwordDisabledFor = try (row["password_disabled_for"] as String?).flatMap(PasswordDisabling.init)
    }
}
