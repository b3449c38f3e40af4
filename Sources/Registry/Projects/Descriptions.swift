import Packaging
import SQLDatabase

/// Queries on the descriptions of releases.
struct Descriptions {
    let connection: any Connection

    /// The releases whose description was made by another renderer than `renderer`, or by none.
    ///
    /// - Returns: up to `limit` ids, those without a renderer first.
    func stale(unlike renderer: String, limit: Int) throws -> [Int64] {
        var ids: [Int64] = []
        for query in Self.staleQueries(renderer, limit: limit) where ids.count < limit {
            ids += try connection.execute(query).prefix(limit - ids.count).map { try $0["release_id"] }
        }
        return ids
    }

    /// Three ranges of one index: "unlike" by itself would read every description of the site.
    static func staleQueries(_ renderer: String, limit: Int) -> [SQL] {
        let ranges: [SQL] = ["rendered_by IS NULL", "rendered_by < \(renderer)", "rendered_by > \(renderer)"]
        return ranges.map { "SELECT release_id FROM release_descriptions WHERE \($0) ORDER BY rendered_by, release_id LIMIT \(limit)" }
    }

    /// A release's text as it was sent, with its content type.
    func source(releaseID: Int64) throws -> (text: String, contentType: String?)? {
        try connection.execute("SELECT raw, content_type FROM release_descriptions WHERE release_id = \(releaseID)").first.map {
            (try $0["raw"], try $0["content_type"])
        }
    }

    /// Shows `description` from now on. When it is what was shown before, no page is stale for it.
    func update(releaseID: Int64, _ description: RenderedDescription) throws {
        let before = try connection.execute(
            """
            SELECT html, normalized_name FROM release_descriptions JOIN releases ON releases.id = release_id JOIN projects ON projects.id = project_id
            WHERE release_id = \(releaseID)
            """
        ).first
        guard let before else { return }
        try connection.execute(
            "UPDATE release_descriptions SET html = \(description.html), rendered_by = \(description.renderer) WHERE release_id = \(releaseID)"
        )
        if try before["html", as: String?.self] != description.html {
            try connection.touch(.project(NormalizedName(normalizing: try before["normalized_name"])))
        }
    }
}

extension Connection {
    var descriptions: Descriptions { Descriptions(connection: self) }
}
