import Credentials
import Foundation
import SQLDatabase

extension PackageIndex {
    /// Finds out whose credentials these are (index §7.4). A token's signature is checked here; what its caveats allow, when something is asked of it.
    ///
    /// Whatever is wrong with them, the answer is ``Identity/anonymous``: an attacker learns nothing about which tokens exist.
    package func authenticate(_ credentials: PresentedCredentials) async throws -> Identity {
        guard case .token(let text) = credentials, let macaroon = try? Macaroon(token: text),
            let id = UUID(uuidString: String(decoding: macaroon.identifier, as: UTF8.self)),
            let (user, token) = try await database.read({ try $0.apiTokens.find(id: id.uuidString.lowercased()) }),
            user.isActive, !user.isFrozen, macaroon.hasValidSignature(rootKey: try rootKey(of: token))
        else { return .anonymous }
        return .token(user, token, macaroon)
    }

    /// Why the token behind `identity` does not allow what is asked of `project`; `nil` when it does (index §7.5).
    ///
    /// - Parameter project: `nil` while a project is being created: tokens bound to a project can not create another.
    func tokenRefusal(_ identity: Identity, project: CaveatContext.Project?) throws -> String? {
        guard case .token(let user, let token, let macaroon) = identity else { return "no token was given" }
        let context = CaveatContext(now: clock.now() / 1_000_000, project: project, user: .init(id: user.uuid))
        do {
            try MacaroonVerifier(rootKey: rootKey(of: token), storedCaveats: token.caveats.map { Array($0.utf8) }).verify(macaroon, in: context)
            return nil
        } catch let refusal as MacaroonRefusal {
            return refusal.message
        }
    }

    /// Whether a token lets its holder read a private index: a whole user's token does, one that is bound to projects does not.
    package func mayRead(_ identity: Identity) throws -> Bool {
        try tokenRefusal(identity, project: nil) == nil
    }

    private func rootKey(of token: APIToken) throws -> [UInt8] {
        try secrets.tokenKeys.open(token.sealedKey, owner: Array(token.id.utf8))
    }
}
