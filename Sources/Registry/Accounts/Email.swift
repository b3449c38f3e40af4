import SQLDatabase

/// A mail address of a user.
package struct Email: Sendable, Hashable {
    package let id: Int64
    package let address: String
    /// Whether mail goes there.
    package let isPrimary: Bool
    package let isVerified: Bool
    /// Whether others see it.
    package let isPublic: Bool

    init(row: Row) throws {
        id = try row["id"]
        address = try row["address"]
        isPrimary = try row["is_primary"]
        isVerified = try row["is_verified"]
        isPublic = try row["is_public"]
    }
}
