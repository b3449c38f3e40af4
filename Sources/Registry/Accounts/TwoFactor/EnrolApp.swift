package import Credentials
import Localization
import SQLDatabase

extension PackageIndex {
    /// Takes an authenticator app into use, in the place of one that there was.
    ///
    /// - Parameter code: what the app shows now, so that nobody is locked out by an app that was set up wrong.
    /// - Throws: ``Rejection``: `forbidden` while something else comes first, `invalid` (`totp_value`) for a wrong code, `rateLimited`.
    package func enrolApp(_ totp: TOTP, code: String, of user: User, source: RequestSource) async throws -> User {
        let places = try await takeFactorPlace(user, source)
        let now = clock.now()
        let step: Int64
        switch totp.verify(code, at: now, lastAcceptedStep: nil) {
        case .accepted(let accepted): step = accepted
        case .outOfSync(let steps):
            let minutes = abs(steps) / 2 + 1
            let fault =
                steps < 0
                ? Message(
                    count: minutes,
                    one: "That code is a minute old: the clock of your device is wrong. Set it, and enter a new code.",
                    other: "That code is \(minutes) minutes old: the clock of your device is wrong. Set it, and enter a new code."
                )
                : Message(
                    count: minutes,
                    one: "That code is a minute early: the clock of your device is wrong. Set it, and enter a new code.",
                    other: "That code is \(minutes) minutes early: the clock of your device is wrong. Set it, and enter a new code."
                )
            throw Rejection(.invalid, fault, field: "totp_value")
        default:
            throw Rejection(.invalid, "That is not the code that your app should show now.", field: "totp_value")
        }
        await limiter.giveBack(places)
        let sealed = secrets.factors.seal(totp.secret, owner: Array(user.uuid.utf8))
        return try await database.write { tx in
            try tx.checkMayAddFactor(userID: user.id)
            let hadOne = try tx.authenticatorApps.find(userID: user.id) != nil
            try tx.authenticatorApps.upsert(userID: user.id, sealedSecret: sealed, lastStep: step, now: now)
            if hadOne { try tx.events.record(.user(user.id), "account:two_factor:method_removed", ["method": "totp"], source: source, now: now) }
            try tx.events.record(.user(user.id), "account:two_factor:method_added", ["method": "totp"], source: source, now: now)
            try tx.send(.twoFactorAdded(userID: user.id, method: "totp"), now: now)
            return try tx.factorsChanged(of: user)
        }
    }

    /// - Throws: ``Rejection``: `notFound` where there is none, `forbidden` for the last method where one is required.
    package func removeApp(of user: User, source: RequestSource) async throws -> User {
        let now = clock.now()
        return try await database.write { tx in
            try tx.checkMayRemoveFactor(of: user)
            guard try tx.authenticatorApps.delete(userID: user.id) else { throw Rejection(.notFound, "There is no authenticator app.") }
            try tx.events.record(.user(user.id), "account:two_factor:method_removed", ["method": "totp"], source: source, now: now)
            try tx.send(.twoFactorRemoved(userID: user.id, method: "totp"), now: now)
            return try tx.factorsChanged(of: user)
        }
    }
}

extension Connection {
    /// Notes that a user's factors are others now.
    func factorsChanged(of user: User) throws -> User {
        let has = try twoFactorState(userID: user.id).methods > 0
        try execute("UPDATE users SET has_second_factor = \(has), factor_generation = factor_generation + 1 WHERE id = \(user.id)")
        guard let changed = try users.find(id: user.id) else { throw Rejection(.notFound, "This account is gone.") }
        return changed
    }

    /// The last way to show that it is them stays (platform §2.2): whoever has the password alone must not be able to make it be enough.
    func checkMayRemoveFactor(of user: User) throws {
        // One after the other, for two that are removed at once.
        try execute("UPDATE users SET factor_generation = factor_generation WHERE id = \(user.id)")
        guard try twoFactorState(userID: user.id).methods > 1 else {
            throw Rejection(.forbidden, "Your last second factor stays: add another one first.")
        }
    }
}
