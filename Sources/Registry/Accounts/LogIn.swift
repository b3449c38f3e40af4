import Credentials
import SQLDatabase

extension PackageIndex {
    /// Checks a user's name and password (platform §1.7).
    ///
    /// A user who does not exist takes as long, and is refused in the same words, as a wrong password. What is counted are wrong ones: by address, by user and in all.
    ///
    /// - Throws: ``Rejection``: `invalid` for a wrong name or password, `rateLimited` after too many.
    package func logIn(_ username: String, password: String, source: RequestSource) async throws -> User {
        let user = try await database.read { try $0.users.find(username) }
        let limits = loginLimits(user, source)
        try await checkRoom(in: limits)
        guard let user, let hash = user.passwordHash else {
            _ = await passwords.verifyNobody(password)
            return try await refuse(user, limits, source)
        }
        guard await passwords.verify(password, against: hash) else { return try await refuse(user, limits, source) }
        guard user.isActive, !user.isFrozen else {
            throw Rejection(.invalid, "This account is frozen. The people who run this index can say why.")
        }
        let renewed: String? = passwords.needsRehash(hash) ? try await passwords.hash(password) : nil
        let now = clock.now()
        return try await database.write { tx in
            // The account may have changed while its password was being checked.
            guard let current = try tx.users.find(id: user.id), current.passwordHash == hash, !current.isFrozen else {
                throw Rejection(.invalid, Self.wrongPassword)
            }
            if let renewed { try tx.users.rehash(user.id, from: hash, to: renewed) }
            try tx.users.noteLogin(of: user.id, now: now)
            try tx.events.record(.user(user.id), "account:login:success", [:], source: source, now: now)
            return current
        }
    }

    /// Checks the password of somebody who is logged in (sudo mode, platform §1.10). Wrong ones count as at the login.
    ///
    /// - Throws: ``Rejection``: `invalid` for a wrong password, `rateLimited` after too many.
    package func confirmPassword(of user: User, _ password: String, source: RequestSource) async throws {
        let limits = loginLimits(user, source)
        try await checkRoom(in: limits)
        if let hash = user.passwordHash, await passwords.verify(password, against: hash) { return }
        for (limit, key) in limits { await limiter.hit(limit, key) }
        let now = clock.now()
        try await database.write { try $0.events.record(.user(user.id), "account:reauthenticate:failure", [:], source: source, now: now) }
        throw Rejection(.invalid, "That is not your password.", field: "password")
    }

    private static let wrongPassword = "The user name or the password is wrong."

    private func loginLimits(_ user: User?, _ source: RequestSource) -> [(RateLimit, String)] {
        [(.loginByAddress, source.address ?? "unknown"), (.loginByAnyone, "all")] + (user.map { [(.loginByUser, $0.uuid)] } ?? [])
    }

    private func checkRoom(in limits: [(RateLimit, String)]) async throws {
        for (limit, key) in limits {
            guard let seconds = await limiter.wait(limit, key) else { continue }
            throw Rejection(.rateLimited(retryAfter: seconds), "There were too many wrong passwords; try again in \(Self.words(seconds)).")
        }
    }

    private func refuse(_ user: User?, _ limits: [(RateLimit, String)], _ source: RequestSource) async throws -> User {
        for (limit, key) in limits { await limiter.hit(limit, key) }
        if let user {
            let now = clock.now()
            try await database.write {
                try $0.events.record(.user(user.id), "account:login:failure", ["reason": "invalid_password"], source: source, now: now)
            }
        }
        throw Rejection(.invalid, Self.wrongPassword)
    }

    private static func words(_ seconds: Int) -> String {
        seconds < 60 ? "\(seconds) seconds" : seconds < 120 ? "a minute" : "\((seconds + 59) / 60) minutes"
    }
}
