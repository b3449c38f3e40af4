import SQLDatabase

/// What everybody may know of a user.
package struct Profile: Sendable, Hashable {
    /// A project that they have a role on.
    package struct Entry: Sendable, Hashable {
        package let name: String
        /// Of the newest release.
        package let summary: String
        /// When that came, in microseconds since 1970.
        package let releasedAt: Int64?

        init(row: Row) throws {
            name = try row["name"]
            summary = try (row["summary"] as String?) ?? ""
            releasedAt = try row["created_at"]
        }
    }

    package let username: String
    package let name: String
    /// Microseconds since 1970.
    package let joinedAt: Int64
    /// The address that they show, if they show one.
    package let email: String?
    /// Those with the newest release first.
    package let projects: [Entry]
}

extension PackageIndex {
    /// How many projects a profile names.
    private static let profileLimit = 500

    /// - Returns: `nil` where there is no such user.
    package func profile(of username: String) async throws -> Profile? {
        try await database.read { tx in
            guard let user = try tx.users.find(username), user.isActive else { return nil }
            let projects = try tx.execute(
                """
                SELECT p.name, r.summary, r.created_at FROM roles o JOIN projects p ON p.id = o.project_id
                LEFT JOIN releases r ON r.id = (
                    SELECT id FROM releases WHERE project_id = p.id AND status IS DISTINCT FROM 'quarantine-enter' ORDER BY created_at DESC, id DESC LIMIT 1
                )
                WHERE o.user_id = \(user.id) AND p.lifecycle_status IS DISTINCT FROM 'quarantine-enter'
                ORDER BY COALESCE(r.created_at, 0) DESC, p.normalized_name LIMIT \(Self.profileLimit)
                """
            ).map(Profile.Entry.init)
            return Profile(
                username: user.username,
                name: user.name,
                joinedAt: try tx.users.createdAt(user.id),
                email: try tx.emails.list(userID: user.id).first { $0.isPublic && $0.isVerified }?.address,
                projects: projects
            )
        }
    }

    /// Shows one of a user's addresses to everybody, or none.
    ///
    /// - Throws: ``Rejection`` `notFound` for one that is not theirs, or not verified.
    package func showEmail(_ id: Int64?, of user: User) async throws {
        try await database.write { tx in
            if let id {
                guard let (email, userID) = try tx.emails.find(id: id), userID == user.id, email.isVerified else {
                    throw Rejection(.notFound, "You have no such address that is verified.", field: "public_email")
                }
            }
            try tx.execute("UPDATE emails SET is_public = FALSE WHERE user_id = \(user.id) AND is_public")
            if let id { try tx.execute("UPDATE emails SET is_public = TRUE WHERE id = \(id)") }
            try tx.touch(.user(user.username))
        }
    }
}
