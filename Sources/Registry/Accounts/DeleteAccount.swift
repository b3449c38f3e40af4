import Packaging
import SQLDatabase

extension PackageIndex {
    /// The projects that only this user owns: they would be nobody's without them.
    package func solelyOwnedProjects(of user: User) async throws -> [String] {
        try await database.read { try $0.roles.solelyOwned(by: user.id) }
    }

    /// Deletes a user on their own word (platform §1.15). Their tokens and sessions end; what they published stays, and the journal speaks of `deleted-user`.
    ///
    /// - Throws: ``Rejection``: `invalid` (`password`) for a wrong one, `forbidden` while they are the only owner of a project, `rateLimited`.
    package func deleteAccount(of user: User, password: String, source: RequestSource) async throws {
        try await confirmPassword(of: user, password, source: source)
        let now = clock.now()
        try await database.write { tx in
            let orphans = try tx.roles.solelyOwned(by: user.id)
            guard orphans.isEmpty else {
                throw Rejection(
                    .forbidden,
                    "You are the only owner of \(orphans.prefix(5).joined(separator: ", ")): make somebody else an owner, or delete the project, first.",
                    field: "password"
                )
            }
            guard try !(user.isSuperuser && tx.users.isLastSuperuser(user.id)) else {
                throw Rejection(.forbidden, "You are the only administrator of this index.", field: "password")
            }
            for project in try tx.roles.projectNames(userID: user.id) { try tx.touch(.project(NormalizedName(normalizing: project))) }
            try tx.touch(.user(user.username))
            if let address = try tx.emails.verifiedPrimary(userID: user.id) {
                try tx.send(.accountDeleted(username: user.username, address: address), now: now)
            }
            try tx.execute("UPDATE journal SET submitted_by = 'deleted-user' WHERE submitted_by = \(user.username)")
            try tx.users.delete(user.id)
        }
    }
}
