import Credentials
import Crypto
import Foundation
import Packaging
import SQLDatabase

/// A token that does not exist yet.
package struct NewToken: Sendable {
    /// What its user calls it; unique among their tokens.
    package var description: String
    /// The projects it may touch; none: all of its user's.
    package var projects: [String]
    package var reach: Reach
    /// The networks it works from, in CIDR notation; none: everywhere.
    package var networks: [String]
    /// Microseconds since 1970 after which it opens nothing.
    package var expiresAt: Int64?
    package var origin: APIToken.Origin

    /// How much a token may do.
    package enum Reach: String, Sendable, CaseIterable {
        case read
        /// Publishing, and reading: what tokens without a word about it may do.
        case upload
        case manage

        /// What a token has to say for it.
        var caveat: Caveat? {
            switch self {
            case .read: .actions([.read])
            case .upload: nil
            case .manage: .actions([.read, .upload, .manage])
            }
        }
    }

    package init(
        description: String,
        projects: [String] = [],
        reach: Reach = .upload,
        networks: [String] = [],
        expiresAt: Int64? = nil,
        origin: APIToken.Origin
    ) {
        self.description = description
        self.projects = projects
        self.reach = reach
        self.networks = networks
        self.expiresAt = expiresAt
        self.origin = origin
    }

    /// How many projects, or networks, one token can name: it is sent with every request.
    package static let mostNames = 50
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
        try check(new)
        let id = UUID().uuidString.lowercased()
        let rootKey = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let sealedKey = secrets.tokenKeys.seal(rootKey, owner: Array(id.utf8))
        let now = clock.now()
        let caveats = try await database.write { tx in
            guard let user = try tx.users.find(username) else { throw Rejection(.notFound, "There is no user called \(username).", field: "user") }
            var caveats: [Caveat] = []
            let projects = try new.projects.map { name in
                guard let project = try tx.projects.find(.init(normalizing: name)), try tx.roles.find(projectID: project.id, userID: user.id) != nil
                else {
                    throw Rejection(.notFound, "\(user.username) has no role on a project called \(name).", field: "project")
                }
                return project
            }
            if projects.isEmpty {
                caveats = [.requestUser(user.uuid)]
            } else {
                caveats = [.projectName(projects.map(\.normalizedName.value)), .projectID(projects.map(\.uuid))]
            }
            if let caveat = new.reach.caveat { caveats.append(caveat) }
            if !new.networks.isEmpty { caveats.append(.networks(new.networks)) }
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
            let details = [
                "description": new.description, "caveats": "[\(encoded.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ","))]",
            ]
            try tx.events.record(.user(user.id), "account:api_token:added", details, source: source, now: now)
            for project in projects {
                let details = ["description": new.description, "user": user.username]
                try tx.events.record(.project(project.id), "project:api_token:added", details, source: source, now: now)
            }
            return encoded
        }
        var macaroon = Macaroon(location: links.host, identifier: Array(id.utf8), rootKey: rootKey)
        for caveat in caveats { macaroon.addCaveat(caveat) }
        return macaroon.token
    }

    private func check(_ new: NewToken) throws {
        guard new.projects.count <= NewToken.mostNames else {
            throw Rejection(.invalid, "A token can name \(NewToken.mostNames) projects.", field: "project")
        }
        guard new.reach != .read || new.projects.isEmpty else {
            throw Rejection(.invalid, "A token that only reads, reads the whole index: choose no project for it.", field: "project")
        }
        guard new.networks.count <= NewToken.mostNames else {
            throw Rejection(.invalid, "A token can name \(NewToken.mostNames) networks.", field: "networks")
        }
        if let fault = new.networks.first(where: { AddressRange($0) == nil }) {
            throw Rejection(.invalid, "\"\(fault.prefix(50))\" is no network, such as 192.0.2.0/24 or 2001:db8::/32.", field: "networks")
        }
    }
}
