import Credentials
import SQLDatabase

extension PackageIndex {
    /// Checks a user's name and password (platform §1.7).
    ///
    /// A user who does not exist takes as long, and is refused in the same words, as a wrong password. What is counted are wrong ones: by address, by user and in all.
    /// Whoever has logged in from the same address before is held to their own count alone, so that no crowd of guessers keeps them out.
    ///
    /// - Parameter device: what the browser kept to be asked for the password alone.
    /// - Throws: ``Rejection``: `invalid` for a wrong name or password, `rateLimited` after too many, `unavailable` while too many are being checked.
    package func logIn(_ username: String, password: String, device: String? = nil, source: RequestSource) async throws -> LoginStep {
        let began = clock.now()
        let (user, isKnown, isBanned) = try await database.read { tx in
            let user = try tx.users.find(username)
            let isKnown = try user.map { try tx.knownLogins.isKnown(source.place, userID: $0.id, now: began) } ?? false
            return (user, isKnown, try tx.addressBans.covers(source, now: began))
        }
        // Looked at, never counted: whoever is banned can not use up what others may do.
        try await checkRoom(in: loginLimits(user, source), isKnown: isKnown)
        guard !isBanned else {
            _ = try await passwordLine.wait(isKnown: false) { await passwords.verifyNobody(password) }
            throw Self.wrongLogin
        }
        guard let user, let hash = user.passwordHash else {
            _ = try await passwordLine.wait(isKnown: false) { await passwords.verifyNobody(password) }
            throw try await refusal(user, source)
        }
        guard try await passwordLine.wait(isKnown: isKnown, { await passwords.verify(password, against: hash, isUrgent: isKnown) }) else {
            throw try await refusal(user, source)
        }
        guard user.isActive, !user.isFrozen else { throw Self.frozen }
        switch user.passwordDisabledFor {
        case .compromised: throw Self.leakedPassword(of: user)
        case .byOperator: throw Rejection(.invalid, "Your password was withdrawn. Set another one by \"Forgotten your password?\".")
        case nil: if await isLeaked(password) { throw try await disableLeakedPassword(of: user, source: source) }
        }
        var current = user
        if passwords.needsRehash(hash) {
            let renewed = try await passwords.hash(password)
            current = try await database.write { tx in
                try tx.users.rehash(user.id, from: hash, to: renewed)
                return try tx.users.find(id: user.id) ?? user
            }
        }
        guard current.hasSecondFactor else { return .done(try await completeLogin(of: current, by: nil, source: source)) }
        guard isRemembered(device, for: current) else { return .secondFactor(current) }
        return .done(try await completeLogin(of: current, by: .rememberedDevice, source: source))
    }

    /// Checks the password of somebody who is logged in (sudo mode, platform §1.10). Wrong ones count as at the login.
    ///
    /// - Throws: ``Rejection``: `invalid` for a wrong password, `rateLimited` after too many, `unavailable` while too many are being checked.
    package func confirmPassword(of user: User, _ password: String, source: RequestSource) async throws {
        try await checkRoom(in: loginLimits(user, source), isKnown: true)
        if let hash = user.passwordHash,
            try await passwordLine.wait(isKnown: true, { await passwords.verify(password, against: hash, isUrgent: true) })
        {
            return
        }
        await countWrong(user, source)
        let now = clock.now()
        try await database.write { try $0.events.record(.user(user.id), "account:reauthenticate:failure", [:], source: source, now: now) }
        throw Rejection(.invalid, "That is not your password.", field: "password")
    }

    private func loginLimits(_ user: User?, _ source: RequestSource) -> [(limit: RateLimit, key: String)] {
        [(.loginByAddress, source.place), (.loginByAnyone, "all")] + (user.map { [(.loginByUser, $0.uuid)] } ?? [])
    }

    private func checkRoom(in limits: [(limit: RateLimit, key: String)], isKnown: Bool) async throws {
        for (limit, key) in limits where !isKnown || limit == .loginByUser {
            guard let seconds = await limiter.wait(limit, key) else { continue }
            throw Rejection(
                .rateLimited(retryAfter: seconds),
                "There were too many wrong passwords; try again in \(RateLimit.words(seconds))."
            )
        }
    }

    private func countWrong(_ user: User?, _ source: RequestSource) async {
        for (limit, key) in loginLimits(user, source) { await limiter.hit(limit, key) }
    }

    private func refusal(_ user: User?, _ source: RequestSource) async throws -> Rejection {
        await countWrong(user, source)
        if let user {
            let now = clock.now()
            try await database.write {
                try $0.events.record(.user(user.id), "account:login:failure", ["reason": "invalid_password"], source: source, now: now)
            }
        }
        return Self.wrongLogin
    }

    static let wrongLogin = Rejection(.invalid, "The user name or the password is wrong.")
    static let frozen = Rejection(.invalid, "This account is frozen. The people who run this index can say why.")
}

/// How far a login has come once the password is right.
package enum LoginStep: Sendable, Hashable {
    case done(User)
    /// Something else has to be shown as well.
    case secondFactor(User)
}

extension RequestSource {
    /// What is counted and remembered about where a request came from: an IPv6 network as one place, for whoever has one address of it has them all.
    var place: String {
        guard let address, address.contains(":") else { return address ?? "unknown" }
        return IPv6Network(address)?.text ?? address
    }
}
