// What an API token may be restricted to (index §7.2).

/// One restriction of an API token. Ids are lower-case UUID text, compared byte for byte.
public enum Caveat: Sendable, Hashable {
    /// Valid from `notBefore` on and before `expiresAt`, both unix seconds.
    case expiration(expiresAt: Int64, notBefore: Int64)
    /// Only for projects with these normalized names.
    case projectName([String])
    /// Only for the projects with these ids, whatever they are called by then.
    case projectID([String])
    /// Only when it identifies this user.
    case requestUser(String)
    /// Only when it identifies this trusted publisher, for projects registered with it now.
    case oidcPublisher(String)
    /// Only for these actions.
    case actions([TokenAction])
    /// Only from these networks: addresses, or CIDR notation (RFC 4632).
    case networks([String])
}

/// What somebody may do by a token.
public enum TokenAction: String, Sendable, Hashable, CaseIterable {
    /// See pages and take files where that needs a login.
    case read
    /// Publish files.
    case upload
    /// Change projects, releases and what belongs to them. Only tokens that were given out with it have it: one that says nothing of actions does not.
    case manage
}

/// What a caveat is held against: who asks, for what, when.
public struct CaveatContext: Sendable, Hashable {
    public struct Project: Sendable, Hashable {
        public let normalizedName: String
        public let id: String

        public init(normalizedName: String, id: String) {
            self.normalizedName = normalizedName
            self.id = id
        }
    }

    public struct User: Sendable, Hashable {
        public let id: String
        /// False for a session or any other way to be known.
        public let isAuthenticatedByMacaroon: Bool

        public init(id: String, isAuthenticatedByMacaroon: Bool = true) {
            self.id = id
            self.isAuthenticatedByMacaroon = isAuthenticatedByMacaroon
        }
    }

    public struct Publisher: Sendable, Hashable {
        public let id: String
        /// Whether `project` is registered with this publisher now, looked up for this request.
        public let isRegisteredForProject: Bool

        public init(id: String, isRegisteredForProject: Bool) {
            self.id = id
            self.isRegisteredForProject = isRegisteredForProject
        }
    }

    /// Unix seconds.
    public let now: Int64
    public let action: TokenAction
    /// Where the request comes from, as far as that is known.
    public let address: String?
    /// The project the request is about, if it is about one.
    public let project: Project?
    public let user: User?
    public let publisher: Publisher?

    public init(
        now: Int64,
        action: TokenAction = .upload,
        address: String? = nil,
        project: Project? = nil,
        user: User? = nil,
        publisher: Publisher? = nil
    ) {
        self.now = now
        self.action = action
        self.address = address
        self.project = project
        self.user = user
        self.publisher = publisher
    }
}

extension Caveat {
    /// Why the caveat does not hold, or nil when it does.
    public func failure(in context: CaveatContext) -> String? {
        switch self {
        case .expiration(let expiresAt, let notBefore):
            if context.now < notBefore { return "token is not yet valid" }
            return context.now < expiresAt ? nil : "token is expired"
        case .projectName(let names):
            guard let project = context.project else { return "project-scoped token used outside of a project context" }
            return names.contains { same($0, project.normalizedName) } ? nil : notValid("project-scoped token", for: project)
        case .projectID(let ids):
            guard let project = context.project else { return "project-scoped token used outside of a project context" }
            return ids.contains { same($0, project.id) } ? nil : notValid("project-scoped token", for: project)
        case .requestUser(let id):
            guard let user = context.user else { return "token with user restriction without a user" }
            guard user.isAuthenticatedByMacaroon else { return "token with user restriction without a macaroon" }
            return same(id, user.id) ? nil : "current user does not match user restriction in token"
        case .oidcPublisher(let id):
            guard let publisher = context.publisher else { return "OIDC scoped token used outside of an OIDC identified request" }
            guard same(id, publisher.id) else { return "current OIDC publisher does not match publisher restriction in token" }
            guard let project = context.project else { return "OIDC scoped token used outside of a project context" }
            return publisher.isRegisteredForProject ? nil : notValid("OIDC scoped token", for: project)
        case .actions(let actions):
            return actions.contains(context.action) ? nil : "token may not \(context.action.rawValue)"
        case .networks(let networks):
            guard let address = context.address.flatMap(NetworkAddress.init) else { return "token with network restriction without an address" }
            // What is no network lets nobody in.
            return networks.contains { AddressRange($0)?.contains(address) ?? false } ? nil : "token is not valid from this network"
        }
    }

    private func notValid(_ token: String, for project: CaveatContext.Project) -> String {
        "\(token) is not valid for project: '\(project.normalizedName)'"
    }

    // Swift compares strings by canonical equivalence; ids and names are compared by their bytes.
    private func same(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
}
