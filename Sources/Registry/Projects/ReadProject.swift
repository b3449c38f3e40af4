package import Packaging
package import SQLDatabase

extension PackageIndex {
    /// What pages and documents show of a project.
    ///
    /// - Parameter version: of the release to be shown, in any spelling; `nil` for the one that stands for the project.
    /// - Returns: `nil` where there is no such project or release, or nobody may see it (quarantine).
    package func projectDetails(of name: NormalizedName, version: String? = nil) async throws -> ProjectDetails? {
        try await readForPages { try $0.projectDetails(of: name, version: version) }
    }
}

extension Connection {
    fileprivate func projectDetails(of name: NormalizedName, version: String?) throws -> ProjectDetails? {
        let projects = try execute(
            """
            SELECT p.id, p.name, p.lifecycle_status, p.last_serial, p.created_at, p.total_size, o.normalized_name AS organization
            FROM projects p LEFT JOIN organizations o ON o.id = p.organization_id WHERE p.normalized_name = \(name.value)
            """
        )
        guard let project = projects.first, case let id:Int64 = try project["id"] else { return nil }
        let status: Project.LifecycleStatus? = try project["lifecycle_status"]
        guard status != .quarantined else { return nil }
        var releases = try releasesWithFiles(of: id)
        guard let shown = try releases.release(version) else { return nil }
        releases.reverse()
        return ProjectDetails(
            name: try project["name"],
            normalizedName: name,
            status: status,
            lastSerial: try project["last_serial"],
            createdAt: try project["created_at"],
            totalSize: try project["total_size"],
            organization: try project["organization"],
            people: try execute(
                """
                SELECT u.username, u.name, r.name AS role FROM roles r JOIN users u ON u.id = r.user_id WHERE r.project_id = \(id)
                ORDER BY r.name DESC, u.username
                """
            ).map(ProjectDetails.Person.init),
            releases: releases,
            shown: try details(of: shown),
            inside: try inside(of: shown)
        )
    }

    private func inside(of release: ReleaseSummary) throws -> ProjectDetails.Inside? {
        guard let file = ComparableFiles.representative(of: release.files, name: \.filename) else { return nil }
        return try contents.facts(fileID: file.id).map { ProjectDetails.Inside(filename: file.filename, facts: $0) }
    }

    /// Oldest version first.
    private func releasesWithFiles(of projectID: Int64) throws -> [ReleaseSummary] {
        var releases = try execute(
            """
            SELECT id, version, canonical_version, is_prerelease, yanked, yanked_reason, created_at FROM releases
            WHERE project_id = \(projectID) AND status IS DISTINCT FROM 'quarantine-enter' ORDER BY version_key, id
            """
        ).map(ReleaseSummary.init)
        let places = Dictionary(uniqueKeysWithValues: releases.enumerated().map { ($1.id, $0) })
        for row in try execute("SELECT * FROM files WHERE project_id = \(projectID) ORDER BY filename") {
            if let place = places[try row["release_id"]] { releases[place].files.append(try FileDetails(row: row)) }
        }
        return releases
    }

    private func details(of release: ReleaseSummary) throws -> ReleaseDetails {
        try ReleaseDetails(
            release,
            row: execute("SELECT * FROM releases WHERE id = \(release.id)")[0],
            classifiers: execute("SELECT classifier FROM release_classifiers WHERE release_id = \(release.id) ORDER BY position").map {
                try $0[at: 0]
            },
            requiresDist: execute(
                "SELECT specifier FROM release_dependencies WHERE release_id = \(release.id) AND kind = 'requires_dist' ORDER BY position"
            ).map { try $0[at: 0] },
            links: execute("SELECT label, url, is_verified FROM release_urls WHERE release_id = \(release.id) ORDER BY position").map {
                ReleaseDetails.Link(try $0[at: 0], try $0[at: 1], isVerified: try $0[at: 2])
            },
            description: execute("SELECT content_type, raw, html FROM release_descriptions WHERE release_id = \(release.id)").first,
            vulnerabilities: vulnerabilities.list(releaseID: release.id)
        )
    }
}

extension [ReleaseSummary] {
    /// - Parameter version: `nil` for the release that stands for the project.
    /// - Returns: the release of that version however it is spelled; of several that are equal, the one that is spelled so.
    fileprivate func release(_ version: String?) throws -> ReleaseSummary? {
        guard let version else { return ReleaseSummary.best(of: reversed()) }
        let canonical = (try? Version(version))?.canonical ?? version
        let equal = filter { $0.canonicalVersion == canonical }
        return equal.count > 1 ? equal.first { $0.version == version } : equal.first
    }
}
