package import Packaging
package import SQLDatabase

/// A release as pages about its files know it.
package struct ReleaseFiles: Sendable {
    /// Of the project, as it was last uploaded.
    package let name: String
    package let normalizedName: NormalizedName
    /// As it is kept.
    package let version: String
    /// By name.
    package let files: [File]

    package func file(_ name: String) -> File? { files.first { $0.filename == name } }
}

/// A file, and what is known of its inside.
package struct FileInRelease: Sendable {
    package let release: ReleaseFiles
    package let file: File
    /// `nil` while nobody has looked.
    package let contents: FileContents?
}

/// Two releases of a project, and the two of their files that are compared.
package struct ComparedReleases: Sendable {
    package let old: ReleaseFiles
    package let new: ReleaseFiles
    /// `nil` when they have no files that could be compared.
    package let files: (old: FileInRelease, new: FileInRelease)?
}

extension PackageIndex {
    /// A file of a release, which may be spelled in any way.
    ///
    /// - Parameter withSummary: whether what is known of its inside is read too.
    /// - Returns: `nil` where there is no such file, or nobody may see it (quarantine).
    package func file(_ filename: String, of name: NormalizedName, _ version: String, withSummary: Bool) async throws -> FileInRelease? {
        try await readForPages { tx in
            guard let release = try tx.releaseFiles(of: name, [version]).first, let file = release.file(filename) else { return nil }
            return FileInRelease(release: release, file: file, contents: withSummary ? try tx.contents.find(fileID: file.id) : nil)
        }
    }

    /// Two releases, which may be spelled in any way.
    ///
    /// - Parameters: names of the files to compare; `nil` for those that fit together best.
    /// - Returns: `nil` where one of them is not there, or nobody may see it, or it has no such file.
    /// - Throws: ``Rejection`` for two files that have nothing in common.
    package func comparedReleases(of name: NormalizedName, from old: String, to new: String, oldFile: String?, newFile: String?) async throws
        -> ComparedReleases?
    {
        try await readForPages { tx in
            let releases = try tx.releaseFiles(of: name, [old, new])
            guard releases.count == 2 else { return nil }
            let (before, after) = (releases[0], releases[1])
            let candidates = (
                oldFile.map { name in before.files.filter { $0.filename == name } } ?? before.files,
                newFile.map { name in after.files.filter { $0.filename == name } } ?? after.files
            )
            if oldFile != nil && candidates.0.isEmpty || newFile != nil && candidates.1.isEmpty { return nil }
            if oldFile != nil, newFile != nil, !ComparableFiles.areAlike(oldFile ?? "", newFile ?? "") {
                throw Rejection(.invalid, "A wheel can only be compared with a wheel, and a source distribution with another.")
            }
            guard let pair = ComparableFiles.pair(candidates.0, candidates.1, name: \.filename) else {
                return ComparedReleases(old: before, new: after, files: nil)
            }
            return ComparedReleases(
                old: before,
                new: after,
                files: (
                    FileInRelease(release: before, file: pair.old, contents: try tx.contents.find(fileID: pair.old.id)),
                    FileInRelease(release: after, file: pair.new, contents: try tx.contents.find(fileID: pair.new.id))
                )
            )
        }
    }
}

extension Connection {
    /// The releases of these versions, in the order given; those that nobody may see are left out, and so are versions that no release can have.
    fileprivate func releaseFiles(of name: NormalizedName, _ versions: [String]) throws -> [ReleaseFiles] {
        try versions.compactMap { version in
            guard !version.utf8.contains(0), version.utf8.count <= 500 else { return nil }
            let canonical = (try? Version(version))?.canonical ?? version
            let rows = try execute(
                """
                SELECT p.name, r.id, r.version FROM projects p JOIN releases r ON r.project_id = p.id
                WHERE p.normalized_name = \(name.value) AND p.lifecycle_status IS DISTINCT FROM 'quarantine-enter' AND r.canonical_version = \(canonical)
                    AND r.status IS DISTINCT FROM 'quarantine-enter'
                """
            )
            // Of several that are equal, the one that is spelled so.
            guard let row = rows.count > 1 ? try rows.first(where: { try $0["version"] == version }) : rows.first else { return nil }
            return ReleaseFiles(
                name: try row["name"],
                normalizedName: name,
                version: try row["version"],
                files: try files.of(releaseID: try row["id"])
            )
        }
    }
}
