import Backends
package import Credentials
import Foundation
import Logging
import SQLDatabase

/// Somebody who is logged in.
package struct Visitor: Sendable, Hashable {
    package let user: User
    /// The address for mail, verified or not.
    package let hasVerifiedEmail: Bool
}

extension PackageIndex {
    /// Whether somebody who is logged in has shown all that this index asks for before it lets them read or act: a verified address, and a second factor where one
    /// is required.
    package func hasProved(_ visitor: Visitor) -> Bool { visitor.hasVerifiedEmail && !lacksFactor(visitor) }

    /// Whether this index requires a second factor that the user does not have.
    package func lacksFactor(_ visitor: Visitor) -> Bool { settings.secondFactor == .required && !visitor.user.hasSecondFactor }

    /// What is remembered under an id. It lies in the database, or in the cache where processes share one: either way it survives a restart of ours.
    ///
    /// - Returns: `nil` where there is nothing, or no longer.
    /// - Throws: ``Rejection`` `unavailable` when a shared cache does not answer: who somebody is can not be told then.
    package func openSession(_ id: SessionID, source: RequestSource = RequestSource()) async throws -> (session: Session, visitor: Visitor?)? {
        let now = clock.now()
        let text: String?
        if cache.isShared {
            text = try await sharedSession(id)
            guard text != nil else { return nil }
        } else {
            text = nil
        }
        return try await database.read { tx in
            guard let data = try text ?? tx.sessions.find(id.hash, now: now),
                let session = try? JSONDecoder().decode(Session.self, from: Data(data.utf8))
            else { return nil }
            guard let userID = session.userID else { return (session, nil) }
            // Frozen, gone, or with another password: whoever holds this session is nobody any more.
            guard let (visitor, isBanned) = try tx.users.visitor(userID, place: source.place, now: now), visitor.user.isActive,
                !visitor.user.isFrozen, visitor.user.passwordSetAt == session.passwordSetAt
            else { return nil }
            // Kept, for the ban may end; but from there it says nothing of who somebody is.
            return (session, isBanned ? nil : visitor)
        }
    }

    private func sharedSession(_ id: SessionID) async throws -> String? {
        do {
            return try await cache.get(id.hash, in: .sessions).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw Self.unknown(error, logger)
        }
    }

    private static func unknown(_ error: CacheError, _ logger: Logger) -> Rejection {
        logger.error("The cache that keeps sessions did not answer.", metadata: ["error": "\(error)"])
        return Rejection(.unavailable, "The index can not tell who you are right now; try again in a moment.")
    }

    /// Remembers a session, or forgets one that has become empty.
    ///
    /// - Parameter isNew: whether nothing was kept under this id when the request began. A session that was there is only changed: when a logout has ended it
    ///   meanwhile, no other request that was under way brings it back.
    package func keepSession(_ session: Session, as id: SessionID, isNew: Bool = true) async throws {
        guard !session.isEmpty else { return try await endSession(id) }
        var session = session
        session.savedAt = clock.now()
        let data = try JSONEncoder().encode(session)
        if cache.isShared {
            do {
                if isNew {
                    try await cache.set(id.hash, in: .sessions, to: Array(data), for: Session.lifetime)
                } else {
                    _ = try await cache.replace(id.hash, in: .sessions, with: Array(data), for: Session.lifetime)
                }
            } catch {
                throw Self.unknown(error, logger)
            }
            return
        }
        let (userID, expiresAt) = (session.userID, session.savedAt + Session.lifetime.microseconds)
        try await database.write { tx in
            let text = String(decoding: data, as: UTF8.self)
            if isNew {
                try tx.sessions.insert(id.hash, userID: userID, data: text, expiresAt: expiresAt)
            } else {
                try tx.sessions.update(id.hash, userID: userID, data: text, expiresAt: expiresAt)
            }
        }
    }

    /// Forgets a session.
    package func endSession(_ id: SessionID) async throws {
        if cache.isShared {
            do { try await cache.delete(id.hash, in: .sessions) } catch { throw Self.unknown(error, logger) }
            return
        }
        try await database.write { try $0.sessions.delete(id.hash) }
    }

    /// Remembers that a user has given their password, and has to show something else.
    package func holdLogin(of user: User, in session: inout Session, next: String?) {
        session.pending = Session.PendingLogin(userID: user.id, passwordSetAt: user.passwordSetAt, beganAt: clock.now(), next: next)
    }

    /// Who has given their password in this session, not long ago, and has to show something else.
    package func pendingUser(of session: Session) async throws -> User? {
        guard let pending = session.pending, clock.now() - pending.beganAt < Session.PendingLogin.patience else { return nil }
        guard let user = try await database.read({ try $0.users.find(id: pending.userID) }), user.passwordSetAt == pending.passwordSetAt,
            user.isActive, !user.isFrozen
        else { return nil }
        return user
    }

    /// Seals the secret of an authenticator app that is being set up.
    package func sealEnrolment(_ totp: TOTP, of user: User) -> [UInt8] {
        secrets.factors.seal(totp.secret, owner: Array("enrolment \(user.uuid)".utf8))
    }

    package func openEnrolment(_ sealed: [UInt8], of user: User) -> TOTP? {
        (try? secrets.factors.open(sealed, owner: Array("enrolment \(user.uuid)".utf8))).flatMap { try? TOTP(secret: $0) }
    }

    /// Remembers for this session that the user has just shown that it is them.
    package func begin(_ session: inout Session, for user: User) {
        session.userID = user.id
        session.passwordSetAt = user.passwordSetAt
        session.confirmedAt = clock.now()
    }
}
