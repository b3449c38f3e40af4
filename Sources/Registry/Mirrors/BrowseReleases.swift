import SQLDatabase

extension PackageIndex {
    /// More than so many releases are not listed at once.
    package static let browseLimit = 100_000

    /// The releases that have all of these classifiers, by project and version (index §4). With one that is given twice, or that nobody uses, none has.
    ///
    /// - Throws: ``Rejection`` `tooLarge` when there are more than ``browseLimit``.
    package func browseReleases(_ classifiers: [String]) async throws -> [(name: String, version: String)] {
        // No release has so many.
        guard !classifiers.isEmpty, Set(classifiers).count == classifiers.count, classifiers.count <= 1000 else { return [] }
        let rows = try await queryForPages(Releases.having(classifiers, limit: Self.browseLimit + 1))
        guard rows.count <= Self.browseLimit else {
            throw Rejection(.tooLarge, "More than \(Self.browseLimit) releases have these classifiers; ask for more of them.")
        }
        return try rows.map { (try $0[at: 0], try $0[at: 1]) }
    }
}

extension Releases {
    /// - Parameter classifiers: each once.
    static func having(_ classifiers: [String], limit: Int) -> SQL {
        """
        SELECT p.name, r.version FROM (
            SELECT release_id FROM release_classifiers WHERE classifier IN (\(list: classifiers))
            GROUP BY release_id HAVING COUNT(DISTINCT classifier) = \(Int64(classifiers.count))
        ) AS found JOIN releases r ON r.id = found.release_id JOIN projects p ON p.id = r.project_id
        ORDER BY p.normalized_name, r.version_key LIMIT \(Int64(limit))
        """
    }
}
