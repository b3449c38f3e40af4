import Credentials
import Crypto
import Foundation
import Packaging
import SQLDatabase

/// A token that does not exist yet.
package struct NewToken: Sendable {
    /// What its user calls it; unique among their tokens.
    package var description: String
    /// The one project it may touch; `nil`: all of its user's.
    package var project: String?
    /// Microseconds since 1970 after which it opens nothing.
    package var expiresAt: Int64?
    package var origin: APIToken.Origin

    package init(description: String, project: String? = nil, expiresAt: Int64? = nil, origin: APIToken.Origin) {
        self.description = description
        self.project = project
        self.expiresAt = expiresAt
        self.origin = origin
    }
}

extension PackageIndex {
    /// Makes an API token (index §7).
    ///
    /// - Parameter source: whence it was asked for.
    /// - Returns: the token's text, which is shown once and kept nowhere.
    /// - Throws: ``Rejection``: `notFound` for an unknown user or project, `invalid` for an unusable description, `conflict` for one in use.
    package func createToken(for username: String, _ new: NewToken, source: RequestSource = RequestSource()) async throws -> String {
        guard !new.description.isEmpty, new.description.count <= 100 else {
            throw Rejection(.invalid, "A token's name has 1 to 100 characters.", field: "name")
        }
        let id = UUID().uuidString.lowercased()
        let rootKey = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let sealedKey = secrets.tokenKeys.seal(rootKey, owner: Array(id.utf8))
        let now = clock.now()
        let caveats = try await database.write { tx in
            guard let user = try tx.users.find(username) else { throw Rejection(.notFound, "There is no user called \(username).", field: "user") }
            var caveats: [Caveat] = []
            if let name = new.project {
                guard let project = try tx.projects.find(.init(normalizing: name)), try tx.roles.find(projectID: project.id, userID: user.id) != nil
                else {
                    throw Rejection(.notFound, "\(user.username) has no role on a project called \(name).", field: "project")
                }
                caveats = [.projectName([project.normalizedName.value]), .projectID([project.uuid])]
            } else {
                caveats = [.requestUser(user.uuid)]
            }
            if let expiresAt = new.expiresAt { caveats.append(.expiration(expiresAt: expiresAt / 1_000_000, notBefore: now / 1_000_000)) }
            let encoded = caveats.map(\.json)
            do {
                try tx.apiTokens.insert(
                    id: id,
                    userID: user.id,
                    description: new.description,
                    caveats: encoded.map { String(decoding: $0, as: UTF8.self) },
                    sealedKey: sealedKey,
                    origin: new.origin,
                    now: now
                )
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                throw Rejection(.conflict, "\(user.username) has a token called \"\(new.description)\" already.", field: "name")
            }
            try tx.events.record(.user(user.id), "account:api_token:added", ["description": new.description], source: source, now: now)
            return encoded
        }
        var macaroon = Macaroon(location: links.host, identifier: Array(id.utf8), rootKey: rootKey)
        for caveat in caveats { macaroon.addCaveat(caveat) }
        return macaroon.token
    }
}
