// What a response was made from, and so what makes it stale.

package import Packaging
import SQLDatabase

/// A surrogate key (platform §8.2-8.3): every response declares those it was built from, every write those it changes.
package enum CacheTag: Sendable, Hashable, CustomStringConvertible {
    /// A project, its releases, files and roles.
    case project(NormalizedName)
    /// What is known of the inside of a project's files: only pages show it that no CDN keeps.
    case contents(NormalizedName)
    /// A user as others see them, by the name as it is stored.
    case user(String)
    /// An organization, by its normalized name.
    case organization(String)
    /// Whatever lists projects.
    case allProjects
    /// Every page there is: for changes of so many things that to name them would cost more than to build their pages anew.
    case everything

    /// Whether a CDN may hold responses made from it.
    var isForCDN: Bool { if case .contents = self { false } else { true } }

    /// The key as CDNs see it.
    package var description: String {
        switch self {
        case .project(let name): "project/\(name)"
        case .contents(let name): "contents/\(name)"
        case .user(let name): "user/\(name)"
        case .organization(let name): "org/\(name)"
        case .allProjects: "all-projects"
        case .everything: "everything"
        }
    }

    /// - Parameter key: a ``description``.
    /// - Returns: `nil` for what no version of ours has written.
    package init?(_ key: some StringProtocol) {
        switch key {
        case "all-projects":
            self = .allProjects
            return
        case "everything":
            self = .everything
            return
        default: break
        }
        guard let slash = key.firstIndex(of: "/"), case let name = key[key.index(after: slash)...], !name.isEmpty else { return nil }
        switch key[..<slash] {
        case "project": self = .project(NormalizedName(normalizing: String(name)))
        case "contents": self = .contents(NormalizedName(normalizing: String(name)))
        case "user": self = .user(String(name))
        case "org": self = .organization(String(name))
        default: return nil
        }
    }
}

extension Connection {
    /// Says that responses made from these are stale once this transaction has committed.
    ///
    /// The write gateways call it, so that no use case can forget to.
    /// - Throws: ``UnheardTouch`` on a connection that does not come from an index.
    func touch(_ tags: CacheTag...) throws {
        guard let connection = self as? TaggingConnection else { throw UnheardTouch(tags: tags) }
        connection.tags.formUnion(tags)
    }

    /// Says that a project or one of its releases has changed: besides its own pages, those of its direct role holders and of its organization, and every list
    /// of projects (platform §8.3).
    func touchEverywhere(_ project: Project) throws {
        try touch(.project(project.normalizedName), .allProjects)
        let holders = try execute("SELECT u.username FROM roles r JOIN users u ON u.id = r.user_id WHERE r.project_id = \(project.id)")
        for holder in holders { try touch(.user(holder[at: 0])) }
        guard let organization = project.organizationID else { return }
        for owner in try execute("SELECT normalized_name FROM organizations WHERE id = \(organization)") { try touch(.organization(owner[at: 0])) }
    }
}

/// A write outside an index's own database value: nobody would hear which pages it made stale.
struct UnheardTouch: Error, CustomStringConvertible {
    let tags: [CacheTag]

    var description: String { "Written past the index: nobody heard that \(tags.map(\.description).joined(separator: ", ")) changed." }
}
