import Credentials
import Foundation
import SQLDatabase

// A code can be asked for by somebody in between, who has the password, too. So one that comes from where its user has never been takes an answer to a mail.

extension PackageIndex {
    /// Whether a login by this factor from this place goes on without an answer to a mail.
    func mayEnter(_ user: User, by factor: SecondFactor, source: RequestSource) async throws -> Bool {
        guard settings.asksAboutNewPlaces, factor == .totp || factor == .recoveryCode else { return true }
        let now = clock.now()
        return try await database.read { try $0.knownLogins.isKnown(source.place, userID: user.id, now: now) }
    }

    /// Holds a login until its user opens the link that is mailed to them.
    ///
    /// - Parameter recoveryCode: the one it was asked with, as it is kept.
    func holdPlace(of user: User, by factor: SecondFactor, recoveryCode: String? = nil, next: String?, source: RequestSource) async throws {
        let now = clock.now()
        let login = PendingPlace(
            id: UUID().uuidString.lowercased(),
            userID: user.id,
            address: source.place,
            userAgent: source.userAgent.map { String($0.prefix(300)) },
            factor: factor,
            recoveryCode: recoveryCode,
            next: next,
            passwordSetAt: user.passwordSetAt,
            createdAt: now
        )
        try await database.write { tx in
            // The mail that is on its way answers this one, too.
            if let waiting = try tx.pendingLogins.find(userID: user.id, address: source.place, now: now),
                waiting.passwordSetAt == user.passwordSetAt, now - waiting.createdAt < Self.repeatSpan
            {
                return
            }
            try tx.pendingLogins.replace(login)
            try tx.events.record(.user(user.id), "account:login:new_device", ["two_factor_method": factor.rawValue], source: source, now: now)
            try tx.send(.unrecognizedLogin(loginID: login.id), now: now)
        }
    }

    /// How long no second mail is sent for the same place: 15 minutes, in microseconds (platform §5.2).
    private static let repeatSpan: Int64 = 15 * 60 * 1_000_000

    func placeToken(_ login: PendingPlace, _ user: User) -> String {
        secrets.timedTokens.sign(["action": "login-confirmation", "user.id": user.uuid, "login.id": login.id], for: .confirmLogin, at: clock.now())
    }

    /// Whether a link from such a mail can be used, here and now.
    ///
    /// - Returns: whose login it is.
    /// - Throws: ``Rejection`` `invalid`, also for one that is opened anywhere but where the login was.
    package func user(confirmingBy token: String?, source: RequestSource) async throws -> User {
        try await pendingPlace(token, source).user
    }

    /// Ends a login from a new place: its user has answered the mail. From now on the place is known.
    ///
    /// - Returns: the user, and where the login leads.
    /// - Throws: ``Rejection`` `invalid` for a link that is no good any more.
    package func confirmPlace(by token: String?, source: RequestSource) async throws -> (user: User, next: String?) {
        let (login, user) = try await pendingPlace(token, source)
        let now = clock.now()
        let current = try await database.write { tx in
            // Once.
            guard try tx.pendingLogins.delete(login.id) else { throw Self.usedLink }
            if let code = login.recoveryCode {
                guard try tx.recoveryCodes.burn([code], userID: user.id, now: now) else { throw Self.usedLink }
                try tx.events.record(.user(user.id), "account:recovery_codes:used", ["why": "logged in"], source: source, now: now)
                try tx.send(.recoveryCodeUsed(userID: user.id), now: now)
            }
            try tx.knownLogins.confirm(source.place, userID: user.id, now: now)
            return try tx.noteLogin(of: user, method: "email-confirmation", label: nil, source: source, now: now)
        }
        return (current, login.next)
    }

    private static let usedLink = Rejection(.invalid, "This link has been used, or is older than 6 hours. Log in again.")

    private func pendingPlace(_ token: String?, _ source: RequestSource) async throws -> (login: PendingPlace, user: User) {
        let now = clock.now()
        guard let said = try? secrets.timedTokens.verify(token, for: .confirmLogin, at: now), said.values["action"] == "login-confirmation",
            let id = said.values["login.id"]
        else { throw Self.usedLink }
        let found = try await database.read { tx in
            try tx.pendingLogins.find(id).flatMap { login in try tx.users.find(id: login.userID).map { (login, $0) } }
        }
        guard let (login, user) = found, login.expiresAt > now, user.uuid == said.values["user.id"], user.passwordSetAt == login.passwordSetAt,
            user.isActive, !user.isFrozen
        else { throw Self.usedLink }
        guard login.address == source.place else {
            throw Rejection(.invalid, "This link works only where the login was: open it on the device, and in the network, that you logged in from.")
        }
        return (login, user)
    }
}
