import Foundation
package import SQLDatabase

/// Queries on observations.
package struct Observations {
    let connection: any Connection

    /// What was noticed about a project, oldest first.
    package func about(projectID: Int64) throws -> [Observation] {
        try connection.execute(
            """
            SELECT id, kind, subject_name, observer_id, summary, payload, observed_at FROM observations
            WHERE subject_kind = 'project' AND subject_id = \(projectID) ORDER BY id
            """
        ).map(Observation.init)
    }

    /// - Parameter observerID: who noticed it; nil for the index itself.
    func insert(
        _ kind: Observation.Kind,
        about project: Project,
        observerID: Int64?,
        summary: String,
        payload: [String: String],
        now: Int64
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(payload), as: UTF8.self)
        try connection.execute(
            """
            INSERT INTO observations (kind, subject_kind, subject_id, subject_name, observer_id, summary, payload, observed_at)
            VALUES (\(kind), 'project', \(project.id), \(project.name), \(observerID), \(summary), \(json), \(now))
            """
        )
    }
}

extension Connection {
    package var observations: Observations { Observations(connection: self) }
}
