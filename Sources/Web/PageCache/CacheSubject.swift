// What the pages of a route are made from.

import Packaging
import Registry

/// Names the tags of a route's pages by the parameters of the request: they are known before anything is read, so that a change meanwhile is noticed.
package enum CacheSubject: Sendable, Hashable {
    /// The project that `{name}` names.
    case project
    /// The same, and what is known of the inside of its files.
    case projectPage
    case allProjects

    func tags(_ parameters: [String: String]) -> [CacheTag] {
        let name = NormalizedName(normalizing: parameters["name"] ?? "")
        return switch self {
        case .project: [.project(name)]
        case .projectPage: [.project(name), .contents(name)]
        case .allProjects: [.allProjects]
        }
    }
}
