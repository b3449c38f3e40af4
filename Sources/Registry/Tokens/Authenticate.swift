package import Credentials
import Foundation
import Logging
import SQLDatabase

extension PackageIndex {
    /// Finds out whose credentials these are (index §7.4). A token's signature is checked here; what its caveats allow, when something is asked of it.
    ///
    /// Whatever is wrong with them, the answer is ``Identity/anonymous``: an attacker learns nothing about which tokens exist.
    package func authenticate(_ credentials: PresentedCredentials, source: RequestSource) async throws -> Identity {
        guard let presented = PresentedToken(credentials) else { return .anonymous }
        let now = clock.now()
        return try identity(of: presented, await database.read { try findToken(presented, source: source, now: now, $0) }, source: source)
    }

    /// The token that the credentials name and its user, if there are such; whether the credentials are genuine says ``identity(of:_:source:)``.
    func findToken(_ presented: PresentedToken, source: RequestSource, now: Int64, _ tx: any Connection) throws -> (User, APIToken)? {
        // A place that is banned is banned for tokens, too.
        try tx.addressBans.covers(source, now: now) ? nil : tx.apiTokens.find(id: presented.id)
    }

    /// - Parameter found: of ``findToken(_:source:now:_:)``. The signature is checked here, away from the database.
    func identity(of presented: PresentedToken?, _ found: (User, APIToken)?, source: RequestSource) throws -> Identity {
        guard let presented, let (user, token) = found, user.isActive, !user.isFrozen,
            presented.macaroon.hasValidSignature(rootKey: try rootKey(of: token))
        else { return .anonymous }
        return .token(user, token, presented.macaroon, source)
    }

    /// Why the token behind `identity` does not allow what is asked of `project`; `nil` when it does (index §7.5).
    ///
    /// - Parameter project: `nil` while a project is being created: tokens bound to a project can not create another.
    func tokenRefusal(_ identity: Identity, _ action: TokenAction, project: CaveatContext.Project?) throws -> String? {
        guard case .token(let user, let token, let macaroon, let source) = identity else { return "no token was given" }
        // Whoever holds a token can add caveats to it; only the site can have stored them.
        guard action != .manage || token.maySay(.manage) else { return "token may not manage" }
        let context = CaveatContext(
            now: clock.now() / 1_000_000,
            action: action,
            address: source.address,
            project: project,
            user: .init(id: user.uuid)
        )
        do {
            try MacaroonVerifier(rootKey: rootKey(of: token), storedCaveats: token.caveats.map { Array($0.utf8) }).verify(macaroon, in: context)
            return nil
        } catch let refusal as MacaroonRefusal {
            return refusal.message
        }
    }

    /// Whether a token lets its holder read a private index: a whole user's token does, one that is bound to projects does not. That it was used is noted.
    package func mayRead(_ identity: Identity) async throws -> Bool {
        guard try tokenRefusal(identity, .read, project: nil) == nil, case .token(_, let token, _, let source) = identity else { return false }
        await noteUse(of: token, source)
        return true
    }

    /// Whether a token lets its holder change a project, or make one.
    package func mayManage(_ identity: Identity, project: CaveatContext.Project?) throws -> Bool {
        try tokenRefusal(identity, .manage, project: project) == nil
    }

    /// Readers wait for no note, and are not kept out where none can be taken.
    private func noteUse(of token: APIToken, _ source: RequestSource) async {
        let now = clock.now()
        guard token.isDueForNote(now: now) else { return }
        do {
            try await database.write { try $0.apiTokens.touch(token, source: source, now: now) }
        } catch {
            logger.warning("The use of a token could not be noted.", metadata: ["error": "\(error)"])
        }
    }

    private func rootKey(of token: APIToken) throws -> [UInt8] {
        try secrets.tokenKeys.open(token.sealedKey, owner: Array(token.id.utf8))
    }
}

/// Credentials that can be read as a token.
struct PresentedToken: Sendable {
    let macaroon: Macaroon
    /// The row it names.
    let id: String

    init?(_ credentials: PresentedCredentials) {
        guard case .token(let text) = credentials, let macaroon = try? Macaroon(token: text),
            let id = UUID(uuidString: String(decoding: macaroon.identifier, as: UTF8.self))
        else { return nil }
        self.macaroon = macaroon
        self.id = id.uuidString.lowercased()
    }
}
