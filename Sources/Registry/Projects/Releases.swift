package import Packaging
package import SQLDatabase

/// Queries on releases.
package struct Releases {
    let connection: any Connection

    private static let columns: SQL = "id, project_id, version, canonical_version, requires_python, created_at"

    /// The release that a version belongs to: `1.0` and `1.0.0` are one. Where several were made in older times, the one spelled like `version`.
    package func find(projectID: Int64, _ version: Version) throws -> Release? {
        let releases = try connection.execute(
            "SELECT \(Self.columns) FROM releases WHERE project_id = \(projectID) AND canonical_version = \(version.canonical) ORDER BY id"
        ).map(Release.init)
        return releases.count > 1 ? releases.first { $0.version == version.description } ?? releases.first : releases.first
    }

    /// The id of the release that search and dependents know a project by: the newest with files that is not yanked, a final one before any pre-release
    /// (platform §7.6).
    ///
    /// - Parameter project: an expression for the project's id.
    static func standingFor(_ project: SQL) -> SQL {
        """
        SELECT n.id FROM releases n
        WHERE n.project_id = \(project) AND NOT n.yanked AND n.status IS DISTINCT FROM 'quarantine-enter'
            AND EXISTS (SELECT 1 FROM files f WHERE f.release_id = n.id)
        ORDER BY n.is_prerelease, n.version_key DESC, n.id DESC LIMIT 1
        """
    }

    /// Every classifier that a release has: one look into the index for each.
    func classifiersInUse() throws -> [String] {
        try connection.execute(
            """
            WITH RECURSIVE used (classifier) AS (
                SELECT MIN(classifier) FROM release_classifiers
                UNION ALL
                SELECT (SELECT MIN(c.classifier) FROM release_classifiers c WHERE c.classifier > used.classifier) FROM used
                WHERE used.classifier IS NOT NULL
            ) SELECT classifier FROM used WHERE classifier IS NOT NULL
            """
        ).map { try $0[at: 0] }
    }

    /// The releases of these versions, spelled as they are stored.
    func ids(projectID: Int64, versions: [String]) throws -> [String: Int64] {
        let wanted = Set(versions)
        let rows = try connection.execute("SELECT version, id FROM releases WHERE project_id = \(projectID)")
        let ids = try Dictionary(uniqueKeysWithValues: rows.map { (try $0[at: 0, as: String.self], try $0[at: 1, as: Int64.self]) })
        return ids.filter { wanted.contains($0.key) }
    }

    /// Makes a release from the form of its first file (index §2.9).
    ///
    /// - Parameters:
    ///   - description: the form's description, rendered.
    ///   - links: which of the form's links are vouched for.
    func insert(
        _ form: UploadForm,
        description: RenderedDescription?,
        links: LinkVerification,
        projectID: Int64,
        uploaderID: Int64?,
        uploadedVia: String?,
        now: Int64
    ) throws -> Release {
        let metadata = form.metadata
        let isAuthorKnown = try connection.emails.isVouchedFor(metadata.authorEmail, projectID: projectID)
        let isMaintainerKnown = try connection.emails.isVouchedFor(metadata.maintainerEmail, projectID: projectID)
        let keywords = (metadata.keywords ?? []).map { String($0.trimmingWhitespace) }.filter { !$0.isEmpty }
        let release = try Release(
            row: connection.execute(
                """
                INSERT INTO releases (project_id, version, canonical_version, version_key, is_prerelease, summary, license, license_expression,
                    license_files, author, author_email, maintainer, maintainer_email, home_page, download_url, keywords, platform, requires_python,
                    provides_extra, dynamic, uploader_id, uploaded_via, created_at,
                    home_page_verified, download_url_verified, author_email_verified, maintainer_email_verified)
                VALUES (\(projectID), \(form.version.description), \(form.version.canonical), \(form.version.sortKey), \(form.version.isPrerelease),
                    \(metadata.summary), \(metadata.license), \(metadata.licenseExpression), \(StringList.encode(metadata.licenseFiles ?? [])),
                    \(metadata.author), \(metadata.authorEmail), \(metadata.maintainer), \(metadata.maintainerEmail), \(metadata.homePage),
                    \(metadata.downloadURL), \(StringList.encode(keywords)), \(metadata.platforms?.first), \(metadata.requiresPython),
                    \(StringList.encode(metadata.providesExtra ?? [])), \(StringList.encode(metadata.dynamic ?? [])), \(uploaderID), \(uploadedVia), \(now),
                    \(links.isVerified(metadata.homePage)), \(links.isVerified(metadata.downloadURL)), \(isAuthorKnown), \(isMaintainerKnown))
                RETURNING \(Self.columns)
                """
            )[0]
        )
        if let text = metadata.description, !text.isEmpty {
            try connection.execute(
                """
                INSERT INTO release_descriptions (release_id, content_type, raw, html, rendered_by)
                VALUES (\(release.id), \(metadata.descriptionContentType), \(text), \(description?.html), \(description?.renderer))
                """
            )
        }
        let dependencies = [
            ("requires", metadata.requires), ("provides", metadata.provides), ("obsoletes", metadata.obsoletes),
            ("requires_dist", metadata.requiresDist),
            ("provides_dist", metadata.providesDist), ("obsoletes_dist", metadata.obsoletesDist), ("requires_external", metadata.requiresExternal),
        ]
        for (kind, specifiers) in dependencies {
            for (position, specifier) in (specifiers ?? []).enumerated() {
                try connection.execute(
                    """
                    INSERT INTO release_dependencies (release_id, kind, position, specifier) VALUES (\(release.id), \(kind), \(position), \(specifier))
                    """
                )
            }
        }
        for (position, url) in (metadata.projectURLs ?? []).enumerated() {
            try connection.execute(
                """
                INSERT INTO release_urls (release_id, position, label, url, is_verified)
                VALUES (\(release.id), \(position), \(url.label), \(url.url), \(links.isVerified(url.url)))
                """
            )
        }
        for (position, classifier) in (metadata.classifiers ?? []).enumerated() {
            try connection.execute(
                "INSERT INTO release_classifiers (release_id, position, classifier) VALUES (\(release.id), \(position), \(classifier))"
            )
        }
        return release
    }

    /// As ``fieldsUnlike(_:release:)`` names the field.
    static let requiresPython = "Requires-Python"

    /// What of a later file's form is unlike what the first one made the release with, among the fields that decide an install. The pages of the
    /// release go on showing the first file's (index §2.9).
    func fieldsUnlike(_ metadata: CoreMetadata, release: Release) throws -> [String] {
        var fields: [String] = []
        if metadata.requiresPython != release.requiresPython { fields.append(Self.requiresPython) }
        let dependencies = try connection.execute(
            "SELECT specifier FROM release_dependencies WHERE release_id = \(release.id) AND kind = 'requires_dist'"
        ).map { try $0["specifier", as: String.self] }
        if Set(dependencies) != Set(metadata.requiresDist ?? []) { fields.append("Requires-Dist") }
        return fields
    }

    /// Vouches for links of a release that a later upload gives again, word for word; never adds one, never takes a word back (index §2.8).
    func verify(_ metadata: CoreMetadata, _ links: LinkVerification, release: Release) throws {
        let urls = metadata.projectURLs ?? []
        for url in urls where links.isVerified(url.url) {
            try connection.execute(
                "UPDATE release_urls SET is_verified = TRUE WHERE release_id = \(release.id) AND label = \(url.label) AND url = \(url.url) AND NOT is_verified"
            )
        }
        // As in the reference, a form without project URLs leaves these two as they are.
        guard !urls.isEmpty else { return }
        if let url = metadata.homePage, links.isVerified(url) {
            try connection.execute("UPDATE releases SET home_page_verified = TRUE WHERE id = \(release.id) AND home_page = \(url)")
        }
        if let url = metadata.downloadURL, links.isVerified(url) {
            try connection.execute("UPDATE releases SET download_url_verified = TRUE WHERE id = \(release.id) AND download_url = \(url)")
        }
    }
}

extension Connection {
    package var releases: Releases { Releases(connection: self) }
}
