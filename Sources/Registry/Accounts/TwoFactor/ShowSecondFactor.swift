package import Credentials
import Logging
import SQLDatabase

/// How somebody showed that it is them, beside the password.
package enum SecondFactor: String, Sendable, Hashable {
    case totp
    case webauthn
    case recoveryCode = "recovery-code"
    case rememberedDevice = "remembered-device"
}

extension PackageIndex {
    /// Ends a login with the code of an authenticator app (platform §1.9), or holds it where the user has never come from there.
    ///
    /// - Parameter next: where the login leads.
    /// - Returns: `nil` where a mail has to be answered first.
    /// - Throws: ``Rejection``: `invalid` (`totp_value`), `rateLimited`.
    package func finishLogin(of user: User, code: String, next: String? = nil, source: RequestSource) async throws -> User? {
        let places = try await takeFactorPlace(user, source)
        let now = clock.now()
        let found = try await database.read { try $0.authenticatorApps.find(userID: user.id) }
        if let found, let secret = try? secrets.factors.open(found.sealedSecret, owner: Array(user.uuid.utf8)), let totp = try? TOTP(secret: secret),
            case .accepted(let step) = totp.verify(code, at: now, lastAcceptedStep: found.lastStep),
            try await database.write({ try $0.authenticatorApps.take(step: step, userID: user.id) })
        {
            await limiter.giveBack(places)
            guard try await mayEnter(user, by: .totp, source: source) else {
                try await holdPlace(of: user, by: .totp, next: next, source: source)
                return nil
            }
            return try await completeLogin(of: user, by: .totp, source: source)
        }
        try await noteWrongFactor("invalid_totp", of: user, source)
        throw Rejection(.invalid, "That is not the code that your app shows now. Each code works once.", field: "totp_value")
    }

    /// Ends a login with a recovery code, or holds it where the user has never come from there; the code is not used up by that.
    ///
    /// - Returns: `nil` where a mail has to be answered first.
    /// - Throws: ``Rejection``: `invalid` (`recovery_code_value`), `rateLimited`.
    package func finishLogin(of user: User, recoveryCode: String, next: String? = nil, source: RequestSource) async throws -> User? {
        guard try await mayEnter(user, by: .recoveryCode, source: source) else {
            let kept = try await findRecoveryCode(recoveryCode, of: user, source: source)
            try await holdPlace(of: user, by: .recoveryCode, recoveryCode: kept, next: next, source: source)
            return nil
        }
        try await useRecoveryCode(recoveryCode, of: user, source: source, why: "logged in")
        return try await completeLogin(of: user, by: .recoveryCode, source: source)
    }

    /// What the browser is to be asked for, to log in with a key.
    ///
    /// - Parameter user: who has given their password; `nil` for a passkey, which says itself whose it is.
    package func assertionOptions(for user: User?, at site: WebAuthn, challenge: [UInt8]) async throws -> WebAuthn.RequestOptions {
        guard let user else { return WebAuthn.RequestOptions(relyingParty: site, challenge: challenge, userVerification: .required) }
        let keys = try await database.read { try $0.securityKeys.list(userID: user.id) }
        return WebAuthn.RequestOptions(relyingParty: site, challenge: challenge, allowedCredentials: keys.map(\.descriptor))
    }

    /// Ends a login with a security key, or makes one with a passkey.
    ///
    /// - Parameters:
    ///   - user: who has given their password; `nil` where the key alone says who it is, which takes one that knows its user (by PIN or finger).
    ///   - response: what the browser answered, as JSON.
    /// - Throws: ``Rejection``: `invalid`, `rateLimited`.
    package func finishLogin(of user: User?, assertion response: [UInt8], challenge: [UInt8], at site: WebAuthn, source: RequestSource) async throws
        -> User
    {
        let places = try await takeFactorPlace(user, source)
        let found: (user: User, key: SecurityKey)
        do {
            let answer = try WebAuthn.AuthenticationResponse(json: response)
            let stored = try await database.read { tx in
                try tx.securityKeys.find(answer.id).flatMap { known in try tx.users.find(id: known.userID).map { ($0, known.key) } }
            }
            guard let stored, user == nil || user?.id == stored.0.id else { throw WebAuthn.Refusal.unknownCredential }
            found = stored
            let assertion = try site.verify(
                answer,
                challenge: challenge,
                credential: found.key.credential,
                userHandle: Array(found.user.uuid.utf8),
                requiresUserHandle: user == nil,
                userVerification: user == nil ? .required : .discouraged
            )
            let now = clock.now()
            let (key, updated) = (found.key, assertion.credential)
            guard try await database.write({ try $0.securityKeys.note(updated, of: key, now: now) }) else {
                throw WebAuthn.Refusal.clonedAuthenticator(storedCount: key.credential.signCount, receivedCount: updated.signCount)
            }
        } catch let refusal as WebAuthn.Refusal {
            logger.notice("A security key was refused.", metadata: ["reason": "\(refusal)"])
            if let user { try await noteWrongFactor("invalid_webauthn", of: user, source) }
            throw Rejection(.invalid, "That key does not open this account.")
        }
        await limiter.giveBack(places)
        guard found.user.isActive, !found.user.isFrozen else { throw Self.frozen }
        return try await completeLogin(of: found.user, by: .webauthn, label: found.key.label, source: source)
    }

    /// What a login does once everything has been shown (platform §1.8).
    func completeLogin(of user: User, by factor: SecondFactor?, label: String? = nil, source: RequestSource) async throws -> User {
        let now = clock.now()
        return try await database.write { tx in
            // The account may have changed meanwhile.
            guard let current = try tx.users.find(id: user.id), current.passwordHash == user.passwordHash, current.isActive, !current.isFrozen else {
                throw Rejection(.invalid, "This account has changed meanwhile; log in again.")
            }
            // Also for whoever needs no password, such as by a passkey.
            guard try !tx.addressBans.covers(source, now: now) else { throw Self.wrongLogin }
            // A code can be asked for by somebody in between: it makes no address a known one.
            if factor != .totp, factor != .recoveryCode { try tx.knownLogins.confirm(source.place, userID: user.id, now: now) }
            if factor == .totp || factor == .webauthn, try tx.recoveryCodes.counts(userID: user.id).left == 0 {
                try tx.send(.recoveryCodeReminder(userID: user.id), unlessWithin: Self.reminderSpan, now: now)
            }
            return try tx.noteLogin(of: current, method: factor?.rawValue, label: label, source: source, now: now)
        }
    }

    /// How long somebody without recovery codes is left in peace: a day.
    private static let reminderSpan: Duration = .seconds(86400)

    /// Takes a place for one guess at a second factor. A right one gives it back.
    ///
    /// - Parameter user: `nil` for a passkey, which has not said yet whose it is.
    /// - Throws: ``Rejection`` `rateLimited`.
    func takeFactorPlace(_ user: User?, _ source: RequestSource) async throws -> RateLimiter.Places {
        let own: [(limit: RateLimit, key: String)] = user.map { [(.factorByUser, $0.uuid)] } ?? []
        return try await limiter.take(own + [(.factorByAddress, source.place)], else: Self.tooMany)
    }

    private func noteWrongFactor(_ reason: String, of user: User, _ source: RequestSource) async throws {
        let now = clock.now()
        try await database.write { try $0.events.record(.user(user.id), "account:login:failure", ["reason": reason], source: source, now: now) }
    }

    private static func tooMany(_ seconds: Int) -> Rejection {
        Rejection(.rateLimited(retryAfter: seconds), "There were too many wrong codes; try again in \(RateLimit.words(seconds)).")
    }
}

extension Connection {
    /// Notes that somebody is logged in from now on.
    func noteLogin(of user: User, method: String?, label: String?, source: RequestSource, now: Int64) throws -> User {
        try users.noteLogin(of: user.id, now: now)
        let details = ["two_factor_method": method, "two_factor_label": label]
        try events.record(.user(user.id), "account:login:success", details, source: source, now: now)
        return user
    }
}
