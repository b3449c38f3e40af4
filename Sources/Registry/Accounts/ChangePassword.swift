import Credentials
import SQLDatabase

extension PackageIndex {
    /// Sets a new password. Every session that began with the old one ends.
    ///
    /// - Returns: the user as they are now, for the session in which this was asked.
    /// - Throws: ``Rejection`` `invalid`, with the field at fault: `password` for a wrong old one, `new_password` for an unusable new one; `rateLimited` after too
    ///   many wrong ones.
    package func changePassword(of user: User, from old: String, to new: String, source: RequestSource) async throws -> User {
        try await checkNewPassword(new, of: user)
        try await confirmPassword(of: user, old, source: source)
        return try await replacePassword(of: user, with: new, tag: "account:password:change", source: source)
    }

    /// Sets a user's password on the operator's word.
    ///
    /// - Throws: ``Rejection``: `notFound` for an unknown user, `invalid` for an unusable password.
    package func setPassword(of username: String, to new: String) async throws {
        guard let user = try await database.read({ try $0.users.find(username) }) else {
            throw Rejection(.notFound, "There is no user called \(username).", field: "username")
        }
        try await checkNewPassword(new, of: user)
        _ = try await replacePassword(of: user, with: new, tag: "account:password:change", source: RequestSource())
    }

    /// - Throws: ``Rejection`` `invalid` (`new_password`).
    func checkNewPassword(_ new: String, of user: User) async throws {
        let addresses = try await database.read { try $0.emails.list(userID: user.id).map(\.address) }
        if let fault = PasswordRules.fault(of: new, about: [user.username, user.name] + addresses) {
            throw Rejection(.invalid, fault, field: "new_password")
        }
        if await isLeaked(new) { throw Rejection(.invalid, PasswordRules.leaked, field: "new_password") }
    }

    /// - Throws: ``Rejection`` `conflict` where it was set by somebody else meanwhile.
    func replacePassword(of user: User, with new: String, tag: String, source: RequestSource) async throws -> User {
        let hash = try await passwords.hash(new)
        let now = clock.now()
        return try await database.write { tx in
            // While this one was being hashed, another may have been set, by the same link.
            guard try tx.users.find(id: user.id)?.passwordSetAt == user.passwordSetAt else {
                throw Rejection(.conflict, "The password was set by somebody else meanwhile.")
            }
            try tx.users.setPassword(of: user.id, hash: hash, now: now)
            try tx.events.record(.user(user.id), tag, [:], source: source, now: now)
            try tx.send(.passwordChange(userID: user.id), now: now)
            guard let changed = try tx.users.find(id: user.id) else { throw Rejection(.notFound, "This account is gone.") }
            return changed
        }
    }
}
