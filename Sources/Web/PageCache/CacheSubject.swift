// What the pages of a route are made from.

import Packaging
import Registry

/// Names the tags of a route's pages by the parameters of the request: they are known before anything is read, so that a change meanwhile is noticed.
package enum CacheSubject: Sendable, Hashable {
    /// The project that `{name}` names.
    case project
    case allProjects

    func tags(_ parameters: [String: String]) -> [CacheTag] {
        switch self {
        case .project: [.project(NormalizedName(normalizing: parameters["name"] ?? ""))]
        case .allProjects: [.allProjects]
        }
    }
}
