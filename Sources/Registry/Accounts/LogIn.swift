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
        guard try await isRight(password, of: user, isKnown: isKnown, isBanned: isBanned, source: source), let user, let hash = user.passwordHash
        else {
            throw Self.wrongLogin
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
        guard try await !isRight(password, of: user, isKnown: true, isBanned: false, isLogin: false, source: source) else { return }
        let now = clock.now()
        try await database.write { try $0.events.record(.user(user.id), "account:reauthenticate:failure", [:], source: source, now: now) }
        throw Rejection(.invalid, "That is not your password.", field: "password")
    }

    /// Checks a password in its line, with a place taken in every limit first: of a burst of guesses no more are checked than the limits allow. A wrong
    /// password keeps its places and is noted; everything else gives them back.
    ///
    /// - Parameters:
    ///   - isKnown: whether the user has logged in from there before: then only their own limit holds them back.
    ///   - isBanned: whether the address is banned. It uses up nothing that others may do, and no password is right there.
    ///   - isLogin: whether a wrong password goes into the user's history as a failed login.
    private func isRight(
        _ password: String,
        of user: User?,
        isKnown: Bool,
        isBanned: Bool,
        isLogin: Bool = true,
        source: RequestSource
    ) async throws -> Bool {
        let limits: [(limit: RateLimit, key: String)] =
            isBanned ? [] : (user.map { [(.loginByUser, $0.uuid)] } ?? []) + (isKnown ? [] : Self.limitsOfStrangers(source))
        let places = try await limiter.take(limits) { seconds in
            Rejection(.rateLimited(retryAfter: seconds), "There were too many wrong passwords; try again in \(RateLimit.words(seconds)).")
        }
        let isRight: Bool
        do {
            if !isBanned, let hash = user?.passwordHash {
                isRight = try await passwordLine.wait(isKnown: isKnown) { await passwords.verify(password, against: hash, isUrgent: isKnown) }
            } else {
                // Takes as long as a wrong password.
                _ = try await passwordLine.wait(isKnown: false) { await passwords.verifyNobody(password) }
                isRight = false
            }
        } catch {
            await limiter.giveBack(places)
            throw error
        }
        guard !isRight, !isBanned else {
            await limiter.giveBack(places)
            return isRight
        }
        if isKnown { for (limit, key) in Self.limitsOfStrangers(source) { await limiter.hit(limit, key) } }
        if isLogin, let user {
            let now = clock.now()
            try await database.write {
                try $0.events.record(.user(user.id), "account:login:failure", ["reason": "invalid_password"], source: source, now: now)
            }
        }
        return false
    }

    private static func limitsOfStrangers(_ source: RequestSource) -> [(limit: RateLimit, key: String)] {
        [(.loginByAddress, source.place), (.loginByAnyone, "all")]
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
