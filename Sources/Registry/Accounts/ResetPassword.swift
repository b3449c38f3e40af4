import Credentials
import SQLDatabase

extension PackageIndex {
    /// The link is good until the user logs in or sets a password, whichever comes first (platform §1.11).
    func resetToken(of user: User, lastLogin: Int64?) -> String {
        secrets.timedTokens.sign(Self.resetFacts(user, lastLogin), for: .passwordReset, at: clock.now())
    }

    private static func resetFacts(_ user: User, _ lastLogin: Int64?) -> [String: String] {
        [
            "action": "password-reset", "user.id": user.uuid, "user.last_login": String(lastLogin ?? 0),
            "user.password_date": String(user.passwordSetAt),
        ]
    }

    /// Asks for a link to set a new password, by user name or by an address of theirs. Whoever asks learns nothing: not whether there is such a user either.
    ///
    /// Administrators get none: whoever reads their mail must not run the index. The people who run it set their password.
    package func requestPasswordReset(of name: String, source: RequestSource) async throws {
        let now = clock.now()
        let found = try await database.read { tx -> (User, Email)? in
            if let user = try tx.users.find(name) { return try tx.emails.list(userID: user.id).first { $0.isPrimary }.map { (user, $0) } }
            guard let (email, userID) = try tx.emails.find(address: name) else { return nil }
            return try tx.users.find(id: userID).map { ($0, email) }
        }
        guard let (user, email) = found else { return }
        let mayReset = !user.isSuperuser && !user.isFrozen && email.isVerified
        let isAllowed = await limiter.hit(.resetsByUser, user.uuid) == nil
        try await database.write { tx in
            let tag = mayReset && isAllowed ? "account:password:reset:request" : "account:password:reset:attempt"
            try tx.events.record(.user(user.id), tag, [:], source: source, now: now)
            if mayReset, isAllowed { try tx.send(.passwordReset(emailID: email.id), now: now) }
        }
    }

    /// Whose password the link sets.
    ///
    /// - Throws: ``Rejection`` `invalid` for a link that is no good any more.
    package func user(resettingBy token: String?) async throws -> User {
        let said: TimedToken
        do {
            said = try secrets.timedTokens.verify(token, for: .passwordReset, at: clock.now())
        } catch .expired {
            throw Rejection(.invalid, "This link is older than 6 hours. Ask for another one.")
        } catch {
            throw Rejection(.invalid, "This link is not whole. Open it as it stands in the mail.")
        }
        let found = try await database.read { tx in
            try said.values["user.id"].flatMap { try tx.users.find(uuid: $0) }.map { ($0, try tx.users.lastLogin($0.id)) }
        }
        guard let (user, lastLogin) = found, !user.isFrozen, said.values == Self.resetFacts(user, lastLogin) else {
            throw Rejection(.invalid, "This link has been used, or you have logged in since. Ask for another one.")
        }
        return user
    }

    /// Sets a new password for whoever has the link. Nobody is logged in by it, and everybody who was is not any more.
    ///
    /// - Throws: ``Rejection`` `invalid`, with the field `new_password` for an unusable one.
    package func resetPassword(_ token: String?, to new: String, source: RequestSource) async throws {
        let user = try await user(resettingBy: token)
        try await checkNewPassword(new, of: user)
        _ = try await replacePassword(of: user, with: new, tag: "account:password:reset", source: source)
        await limiter.clear(.resetsByUser, user.uuid)
    }
}
