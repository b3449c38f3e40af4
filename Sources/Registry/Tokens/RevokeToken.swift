import SQLDatabase

extension PackageIndex {
    /// Deletes one of a user's own tokens: from now on it opens nothing.
    ///
    /// - Throws: ``Rejection`` `notFound` for one that does not exist, or is somebody else's.
    package func revokeToken(_ id: String, of user: User, source: RequestSource) async throws {
        let now = clock.now()
        try await database.write { tx in
            guard let description = try tx.apiTokens.delete(id: id, userID: user.id) else { throw Rejection(.notFound, "You have no such token.") }
            try tx.events.record(.user(user.id), "account:api_token:removed", ["description": description], source: source, now: now)
        }
    }
}
