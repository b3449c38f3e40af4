import JobQueue
import Packaging
import SQLDatabase

/// Notes it when the name of a new project looks like a typing mistake of a popular one (index §2.6). Nothing is refused for it.
package struct CheckForTypo: Job {
    package static let kind = "check-for-typo"

    let projectID: Int64

    package var deduplicationKey: String? { String(projectID) }

    package func run(in index: PackageIndex) async throws {
        let found = try await index.database.read { tx in
            (project: try tx.projects.find(id: projectID), popularNames: try index.identifiers.refresh(tx).popularNames)
        }
        guard let project = found.project, let match = TypoRules(popularNames: found.popularNames).match(project.normalizedName) else { return }
        try await index.database.write { tx in
            // A job may run twice.
            guard try !tx.observations.about(projectID: project.id).contains(where: { $0.kind == .typo }) else { return }
            try tx.observations.insert(
                .typo,
                about: project,
                observerID: nil,
                summary: "The name looks like a typing mistake of '\(match.popularName)'.",
                payload: ["check": match.mistake.rawValue, "existing_name": match.popularName],
                now: index.clock.now()
            )
        }
    }
}
