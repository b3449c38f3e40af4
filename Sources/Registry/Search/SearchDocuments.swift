package import Backends
package import Packaging
package import SQLDatabase

/// What search says of projects (platform §7.6): of each, its newest release with files that is not yanked, a final one before any pre-release.
package struct SearchDocuments {
    let connection: any Connection

    /// What a project is found by; `nil` when it is not to be found: it has no such release, or is kept out of search.
    package func find(_ name: NormalizedName) throws -> SearchDocument? {
        try documents("p.normalized_name = \(name.value)", limit: 1).first?.document
    }

    /// Those of projects with an id greater than `id`, in order.
    ///
    /// - Returns: beside them the id to go on behind; `nil` when there are no more.
    package func list(after id: Int64, limit: Int) throws -> (documents: [SearchDocument], last: Int64?) {
        let rows = try documents("p.id > \(id)", limit: limit)
        return (rows.map(\.document), rows.last?.id)
    }

    /// - Parameter condition: on `p`, the project.
    static func query(_ condition: SQL, limit: Int) -> SQL {
        """
        SELECT p.id AS project_id, p.normalized_name, p.name, r.id AS release_id, r.version, r.summary, r.keywords, r.author, r.author_email, r.maintainer,
            r.maintainer_email, r.license, r.license_expression, r.home_page, r.download_url, r.platform, r.created_at, d.raw AS description
        FROM projects p JOIN releases r ON r.id = (\(Releases.standingFor("p.id")))
        LEFT JOIN release_descriptions d ON d.release_id = r.id
        WHERE \(condition) AND (p.lifecycle_status IS NULL OR p.lifecycle_status NOT IN (\(list: Self.hidden)))
        ORDER BY p.id LIMIT \(limit)
        """
    }

    private func documents(_ condition: SQL, limit: Int) throws -> [(id: Int64, document: SearchDocument)] {
        let rows = try connection.execute(Self.query(condition, limit: limit))
        let releases = try rows.map { try $0["release_id", as: Int64.self] }
        let classifiers = try connection.execute(
            "SELECT release_id, classifier FROM release_classifiers WHERE release_id IN (\(list: releases)) ORDER BY release_id, position"
        )
        let ofRelease = try Dictionary(grouping: classifiers) { try $0["release_id", as: Int64.self] }
        return try rows.map { row in
            func text(_ column: String) throws -> String { try row[column, as: String?.self] ?? "" }
            let document = SearchDocument(
                id: try row["normalized_name"],
                name: try row["name"],
                version: try row["version"],
                summary: try text("summary"),
                description: try text("description"),
                keywords: try StringList.decode(try row["keywords"]),
                author: try text("author"),
                authorEmail: try text("author_email"),
                maintainer: try text("maintainer"),
                maintainerEmail: try text("maintainer_email"),
                // The reference asks for it and never fills it.
                license: [try text("license_expression"), try text("license")].first { !$0.isEmpty } ?? "",
                homePage: try text("home_page"),
                downloadURL: try text("download_url"),
                platform: try text("platform"),
                classifiers: try (ofRelease[try row["release_id"]] ?? []).map { try $0["classifier"] },
                createdAt: try row["created_at"]
            )
            return (try row["project_id"], document)
        }
    }

    private static let hidden = ["archived-noindex", "quarantine-enter"]
}

extension Connection {
    package var searchDocuments: SearchDocuments { SearchDocuments(connection: self) }
}
