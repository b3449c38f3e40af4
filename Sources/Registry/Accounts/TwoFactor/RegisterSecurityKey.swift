package import Credentials
import Logging
import SQLDatabase

extension PackageIndex {
    /// What the browser is to be asked for, to make a new key.
    ///
    /// - Throws: ``Rejection`` `forbidden` while something else comes first.
    package func securityKeyOptions(for user: User, at site: WebAuthn, challenge: [UInt8]) async throws -> WebAuthn.CreationOptions {
        let keys = try await database.read { tx in
            try tx.checkMayAddFactor(userID: user.id)
            return try tx.securityKeys.list(userID: user.id)
        }
        return WebAuthn.CreationOptions(
            relyingParty: site,
            challenge: challenge,
            userHandle: Array(user.uuid.utf8),
            userName: user.username,
            displayName: user.name.isEmpty ? user.username : user.name,
            excludedCredentials: keys.map(\.descriptor),
            residentKey: .preferred,
            userVerification: .preferred
        )
    }

    /// Takes a key into use.
    ///
    /// - Parameter response: what the browser answered, as JSON.
    /// - Throws: ``Rejection``: `invalid` (`label` or none) for an unusable label or an answer that does not verify, `conflict` for a key or label in use, `forbidden`.
    package func registerSecurityKey(
        _ response: [UInt8],
        label: String,
        challenge: [UInt8],
        of user: User,
        at site: WebAuthn,
        source: RequestSource
    ) async throws -> User {
        let label = label.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !label.isEmpty, label.count <= 64, !label.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Rejection(.invalid, "A key's name has 1 to 64 characters.", field: "label")
        }
        let registration: WebAuthn.Registration
        do {
            registration = try site.verify(
                try WebAuthn.RegistrationResponse(json: response),
                challenge: challenge,
                userVerification: .preferred
            )
        } catch {
            logger.notice("A security key could not be registered.", metadata: ["reason": "\(error)"])
            throw Rejection(.invalid, "The key could not be registered. Its answer does not verify: \(error).")
        }
        let now = clock.now()
        return try await database.write { tx in
            try tx.checkMayAddFactor(userID: user.id)
            do {
                try tx.securityKeys.insert(registration.credential, label: label, userID: user.id, now: now)
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                guard error.isUniqueViolation(of: "label") else { throw Rejection(.conflict, "This key is registered already.") }
                throw Rejection(.conflict, "You have a key called \"\(label)\" already.", field: "label")
            }
            let details = ["method": "webauthn", "label": label]
            try tx.events.record(.user(user.id), "account:two_factor:method_added", details, source: source, now: now)
            try tx.send(.twoFactorAdded(userID: user.id, method: "webauthn"), now: now)
            return try tx.factorsChanged(of: user)
        }
    }

    /// - Throws: ``Rejection``: `notFound` for a key that is not the user's, `forbidden` for the last method.
    package func removeSecurityKey(_ id: Int64, of user: User, source: RequestSource) async throws -> User {
        let now = clock.now()
        return try await database.write { tx in
            try tx.checkMayRemoveFactor(of: user)
            guard let label = try tx.securityKeys.delete(id: id, userID: user.id) else { throw Rejection(.notFound, "You have no such key.") }
            let details = ["method": "webauthn", "label": label]
            try tx.events.record(.user(user.id), "account:two_factor:method_removed", details, source: source, now: now)
            try tx.send(.twoFactorRemoved(userID: user.id, method: "webauthn"), now: now)
            return try tx.factorsChanged(of: user)
        }
    }
}
