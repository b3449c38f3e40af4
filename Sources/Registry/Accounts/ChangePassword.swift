import Credentials
import SQLDatabase

extension PackageIndex {
    /// Sets a new password. Every session that began with the old one ends.
    ///
    /// - Returns: the user as they are now, for the session in which this was asked.
    /// - Throws: ``Rejection`` `invalid`, with the field at fault: `password` for a wrong old one, `new_password` for an unusable new one; `rateLimited` after too
    ///   many wrong ones.
    package func changePassword(of user: User, from old: String, to new: String, source: RequestSource) async throws -> User {
        let addresses = try await database.read { try $0.emails.list(userID: user.id).map(\.address) }
        if let fault = PasswordRules.fault(of: new, about: [user.username, user.name] + addresses) {
            throw Rejection(.invalid, fault, field: "new_password")
        }
        try await confirmPassword(of: user, old, source: source)
        let hash = try await passwords.hash(new)
        let now = clock.now()
        return try await database.write { tx in
            try tx.users.setPassword(of: user.id, hash: hash, now: now)
            try tx.events.record(.user(user.id), "account:password:change", [:], source: source, now: now)
            try tx.send(.passwordChange(userID: user.id), now: now)
            guard let changed = try tx.users.find(id: user.id) else { throw Rejection(.notFound, "This account is gone.") }
            return changed
        }
    }
}
