import Credentials
import SQLDatabase

extension PackageIndex {
    /// Checks a user's name and password (platform §1.7).
    ///
    /// A user who does not exist takes as long, and is refused in the same words, as a wrong password. What is counted are wrong ones: by address, by user and in all.
    /// Whoever has logged in from the same address before is held to their own count alone, so that no crowd of guessers keeps them out.
    ///
    /// - Throws: ``Rejection``: `invalid` for a wrong name or password, `rateLimited` after too many, `unavailable` while too many are being checked.
    package func logIn(_ username: String, password: String, source: RequestSource) async throws -> User {
        let began = clock.now()
        let (user, isKnown) = try await database.read { tx in
            let user = try tx.users.find(username)
            return (user, try user.map { try tx.knownLogins.isKnown(source.place, userID: $0.id, now: began) } ?? false)
        }
        try await checkRoom(in: loginLimits(user, source), isKnown: isKnown)
        guard let user, let hash = user.passwordHash else {
            _ = try await passwordLine.wait(isKnown: false) { await passwords.verifyNobody(password) }
            return try await refuse(user, source)
        }
        guard try await passwordLine.wait(isKnown: isKnown, { await passwords.verify(password, against: hash) }) else {
            return try await refuse(user, source)
        }
        guard user.isActive, !user.isFrozen else {
            throw Rejection(.invalid, "This account is frozen. The people who run this index can say why.")
        }
        let renewed: String? = passwords.needsRehash(hash) ? try await passwords.hash(password) : nil
        let now = clock.now()
        return try await database.write { tx in
            // The account may have changed while its password was being checked.
            guard let current = try tx.users.find(id: user.id), current.passwordHash == hash, current.isActive, !current.isFrozen else {
                throw Rejection(.invalid, Self.wrongPassword)
            }
            if let renewed { try tx.users.rehash(user.id, from: hash, to: renewed) }
            try tx.users.noteLogin(of: user.id, now: now)
            try tx.knownLogins.confirm(source.place, userID: user.id, now: now)
            try tx.events.record(.user(user.id), "account:login:success", [:], source: source, now: now)
            return current
        }
    }

    /// Checks the password of somebody who is logged in (sudo mode, platform §1.10). Wrong ones count as at the login.
    ///
    /// - Throws: ``Rejection``: `invalid` for a wrong password, `rateLimited` after too many, `unavailable` while too many are being checked.
    package func confirmPassword(of user: User, _ password: String, source: RequestSource) async throws {
        try await checkRoom(in: loginLimits(user, source), isKnown: true)
        if let hash = user.passwordHash, try await passwordLine.wait(isKnown: true, { await passwords.verify(password, against: hash) }) { return }
        await countWrong(user, source)
        let now = clock.now()
        try await database.write { try $0.events.record(.user(user.id), "account:reauthenticate:failure", [:], source: source, now: now) }
        throw Rejection(.invalid, "That is not your password.", field: "password")
    }

    private static let wrongPassword = "The user name or the password is wrong."

    private func loginLimits(_ user: User?, _ source: RequestSource) -> [(limit: RateLimit, key: String)] {
        [(.loginByAddress, source.place), (.loginByAnyone, "all")] + (user.map { [(.loginByUser, $0.uuid)] } ?? [])
    }

    private func checkRoom(in limits: [(limit: RateLimit, key: String)], isKnown: Bool) async throws {
        for (limit, key) in limits where !isKnown || limit == .loginByUser {
            guard let seconds = await limiter.wait(limit, key) else { continue }
            let words = seconds < 60 ? "\(seconds) seconds" : seconds < 120 ? "a minute" : "\((seconds + 59) / 60) minutes"
            throw Rejection(.rateLimited(retryAfter: seconds), "There were too many wrong passwords; try again in \(words).")
        }
    }

    private func countWrong(_ user: User?, _ source: RequestSource) async {
        for (limit, key) in loginLimits(user, source) { await limiter.hit(limit, key) }
    }

    private func refuse(_ user: User?, _ source: RequestSource) async throws -> User {
        await countWrong(user, source)
        if let user {
            let now = clock.now()
            try await database.write {
                try $0.events.record(.user(user.id), "account:login:failure", ["reason": "invalid_password"], source: source, now: now)
            }
        }
        throw Rejection(.invalid, Self.wrongPassword)
    }
}

extension RequestSource {
    /// What is counted and remembered about where a request came from: an IPv6 network as one place, for whoever has one address of it has them all.
    var place: String {
        guard let address, address.contains(":") else { return address ?? "unknown" }
        return IPv6Network(address)?.text ?? address
    }
}
