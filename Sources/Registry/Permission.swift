// Every permission, and who has it.

/// Something a person may be allowed to do.
package enum Permission: String, Sendable, CaseIterable {
    case uploadToProject = "projects:upload"

    /// The roles on a project that carry it.
    var roles: Set<Role.Name> {
        switch self {
        case .uploadToProject: [.owner, .maintainer]
        }
    }
}

extension Project {
    /// What the project's lifecycle leaves of a permission (index §11.5): nobody uploads to an archived project.
    func allows(_ permission: Permission) -> Bool {
        switch permission {
        case .uploadToProject: lifecycleStatus != .archived && lifecycleStatus != .archivedNoIndex
        }
    }
}
