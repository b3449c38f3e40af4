import Credentials
import SQLDatabase

/// A token as its user sees it: never the secret.
package struct ListedToken: Sendable, Hashable {
    package let id: String
    package let description: String
    /// The projects it is bound to, by normalized name; empty for all of its user's.
    package let projects: [String]
    /// Microseconds since 1970; `nil`: it does not end by itself.
    package let expiresAt: Int64?
    package let createdAt: Int64
    package let lastUsedAt: Int64?
    package let lastUsedAddress: String?
    package let lastUsedAgent: String?
    package let reach: NewToken.Reach
    /// The networks it works from; empty for everywhere.
    package let networks: [String]

    init(row: Row) throws {
        id = try row["id"]
        description = try row["description"]
        createdAt = try row["created_at"]
        lastUsedAt = try row["last_used_at"]
        lastUsedAddress = try row["last_used_address"]
        lastUsedAgent = try row["last_used_agent"]
        var reach = NewToken.Reach.upload
        var networks: [String] = []
        var projects: [String] = []
        var expiresAt: Int64?
        for text in try StringList.decode(row["caveats"]) {
            switch try? Caveat(json: Array(text.utf8), currentUserID: nil) {
            case .projectName(let names): projects = names
            case .expiration(let seconds, _): expiresAt = seconds * 1_000_000
            case .actions(let actions): reach = actions.contains(.manage) ? .manage : actions.contains(.upload) ? .upload : .read
            case .networks(let ranges): networks = ranges
            default: break
            }
        }
        self.reach = reach
        self.networks = networks
        self.projects = projects
        self.expiresAt = expiresAt
    }
}

extension PackageIndex {
    /// A user's tokens, newest first.
    package func listTokens(of user: User) async throws -> [ListedToken] {
        try await database.read { try $0.apiTokens.list(userID: user.id) }
    }

    /// The projects that a user's tokens may be bound to, by normalized name.
    package func projectsForTokens(of user: User) async throws -> [String] {
        try await database.read { try $0.roles.projectNames(userID: user.id) }
    }
}
