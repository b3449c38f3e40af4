import SQLDatabase

/// What a user sees of their own account.
package struct AccountDetails: Sendable, Hashable {
    /// Microseconds since 1970.
    package let createdAt: Int64
    package let emails: [Email]
    package let tokenCount: Int
    /// The last ones, newest first.
    package let events: [SecurityEvent]
}

extension PackageIndex {
    /// How far back a user sees what happened to their account: 90 days, in microseconds (platform §1.17).
    private static let history: Int64 = 90 * 86400 * 1_000_000
    private static let eventLimit = 10

    package func accountDetails(of user: User) async throws -> AccountDetails {
        let since = clock.now() - Self.history
        return try await database.read { tx in
            AccountDetails(
                createdAt: try tx.users.createdAt(user.id),
                emails: try tx.emails.list(userID: user.id),
                tokenCount: try tx.apiTokens.count(userID: user.id),
                events: try tx.events.list(.user(user.id), since: since, limit: Self.eventLimit)
            )
        }
    }

    /// A part of what a user sees of what happened to their account, and how much there is of it.
    package func history(of user: User, offset: Int, limit: Int) async throws -> (events: [SecurityEvent], total: Int) {
        let since = clock.now() - Self.history
        return try await database.read { tx in
            let subject = EventSubject.user(user.id)
            return (try tx.events.list(subject, since: since, limit: limit, offset: offset), try tx.events.count(subject, since: since))
        }
    }
}
