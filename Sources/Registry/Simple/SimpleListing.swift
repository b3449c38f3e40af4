import Packaging
import SQLDatabase

/// What the index pages list.
struct SimpleListing {
    let links: Links

    /// One project and its files in page order: one row a file, or a single row without one.
    static func project(_ name: NormalizedName) -> SQL {
        """
        SELECT p.lifecycle_status, p.last_serial, r.version, r.yanked, r.yanked_reason,
            f.filename, f.path, f.sha256, f.requires_python, f.size, f.uploaded_at, f.metadata_sha256
        FROM projects p
        LEFT JOIN files f ON f.project_id = p.id AND p.lifecycle_status IS DISTINCT FROM 'quarantine-enter'
            AND NOT EXISTS (SELECT 1 FROM releases q WHERE q.id = f.release_id AND q.status = 'quarantine-enter')
        LEFT JOIN releases r ON r.id = f.release_id
        WHERE p.normalized_name = \(name.value)
        ORDER BY r.version_key, f.filename
        """
    }

    /// Projects that are not in quarantine, by name, from one name up to another, which is excluded.
    static func projects(from start: String, to end: String?, limit: Int) -> SQL {
        let upTo: SQL = if let end { "AND normalized_name < \(end)" } else { "" }
        return """
            SELECT name, normalized_name, last_serial FROM projects
            WHERE normalized_name >= \(start) \(upTo) AND lifecycle_status IS DISTINCT FROM 'quarantine-enter'
            ORDER BY normalized_name LIMIT \(Int64(limit))
            """
    }

    /// - Parameter rows: of ``project(_:)``.
    /// - Returns: `nil` when there is no such project.
    func project(_ name: NormalizedName, rows: [Row]) throws -> SimpleProject? {
        guard let first = rows.first else { return nil }
        var versions: [String] = []
        var files: [SimpleFile] = []
        files.reserveCapacity(rows.count)
        for row in rows {
            guard let version = try row[at: 2, as: String?.self] else { break }
            // Rows come in version order, so that equal versions stand together.
            if versions.last != version { versions.append(version) }
            let reason = try row[at: 4, as: String?.self]
            files.append(
                SimpleFile(
                    filename: try row[at: 5],
                    url: links.file(path: try row[at: 6]),
                    sha256: try row[at: 7],
                    requiresPython: try row[at: 8],
                    size: try row[at: 9],
                    uploadTime: try row[at: 10],
                    yanked: try row[at: 3, as: Bool.self] ? .yes(reason: reason) : .no,
                    coreMetadataSHA256: try row[at: 11],
                    provenanceURL: nil
                )
            )
        }
        let status = try first[at: 0, as: Project.LifecycleStatus?.self]
        return SimpleProject(
            name: name,
            status: Project.LifecycleStatus.marker(of: status),
            lastSerial: try first[at: 1],
            versions: versions,
            files: files
        )
    }
}
