import JobQueue
import Packaging
import SQLDatabase

extension Connection {
    /// Makes a project and its creator its owner, with all that is noted of it (index §2.6 steps 6 and 7).
    ///
    /// Call ``Projects/lockNames()`` first, and look whether the project exists after it.
    /// - Throws: ``Rejection`` when the name may not be taken.
    func createProject(
        _ name: ProjectName,
        uuid: String,
        creator: User,
        source: RequestSource,
        standardLibrary: StandardLibrary,
        settings: IndexSettings,
        links: Links,
        now: Int64
    ) throws -> Project {
        try ProjectNameRules.check(name, standardLibrary, self, settings: settings, links: links)
        let project = try projects.insert(uuid: uuid, name: name, now: now)
        try roles.insert(Role(userID: creator.id, projectID: project.id, name: .owner))
        try events.record(.project(project.id), "project:create", ["created_by": creator.username], source: source, now: now)
        try events.record(
            .project(project.id),
            "project:role:add",
            ["submitted_by": creator.username, "role_name": Role.Name.owner.rawValue, "target_user": creator.username],
            source: source,
            now: now
        )
        try jobs.enqueue(CheckForTypo(projectID: project.id), now: now)
        return project
    }
}
