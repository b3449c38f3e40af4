import SQLDatabase

/// What a user is to a project.
package struct Role: Sendable, Hashable {
    package enum Name: String, Sendable, SQLConvertible, CaseIterable {
        case owner = "Owner"
        case maintainer = "Maintainer"
    }

    package let userID: Int64
    package let projectID: Int64
    package let name: Name

    package init(userID: Int64, projectID: Int64, name: Name) {
        self.userID = userID
        self.projectID = projectID
        self.name = name
    }
}
