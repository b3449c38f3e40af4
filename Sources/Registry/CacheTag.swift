// What a response was made from, and so what makes it stale.

package import Packaging

/// A surrogate key: every response declares those it was built from, every write those it changes.
package enum CacheTag: Sendable, Hashable, CustomStringConvertible {
    /// A project, its releases, files and roles.
    case project(NormalizedName)
    /// The list of all projects.
    case allProjects

    /// The key as CDNs see it.
    package var description: String {
        switch self {
        case .project(let name): "project/\(name)"
        case .allProjects: "all-projects"
        }
    }
}
