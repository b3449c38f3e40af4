import Distributions
package import SQLDatabase

/// Queries on files.
package struct Files {
    let connection: any Connection

    private static let columns: SQL = "id, project_id, release_id, filename, packagetype, size, sha256, blake2_256, path"

    package func find(filename: String) throws -> File? {
        try connection.execute("SELECT \(Self.columns) FROM files WHERE filename = \(filename)").first.map(File.init)
    }

    func find(id: Int64) throws -> File? {
        try connection.execute("SELECT \(Self.columns) FROM files WHERE id = \(id)").first.map(File.init)
    }

    /// Those of a release, by name.
    func of(releaseID: Int64) throws -> [File] {
        try connection.execute("SELECT \(Self.columns) FROM files WHERE release_id = \(releaseID) ORDER BY filename").map(File.init)
    }

    /// Files of any project with this name or this content.
    func find(filename: String, orBLAKE2b256 hash: String) throws -> [File] {
        try connection.execute("SELECT \(Self.columns) FROM files WHERE filename = \(filename) OR blake2_256 = \(hash)").map(File.init)
    }

    /// Whether a file of this name was ever published, even if it is gone.
    func isNameUsed(_ filename: String) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM filenames WHERE filename = \(filename)").isEmpty
    }

    func hasSourceDistribution(releaseID: Int64) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM files WHERE release_id = \(releaseID) AND packagetype = 'sdist'").isEmpty
    }

    /// Adds a file and takes its name for good, as it is spelled and as it would be in normal form.
    ///
    /// - Parameter requiresPython: what this very file says, which need not be what its release says.
    /// - Returns: its id.
    func insert(
        _ form: UploadForm,
        _ stored: StoredUpload,
        project: Project,
        release: Release,
        requiresPython: String?,
        uploadedVia: String?,
        now: Int64
    )
        throws -> Int64
    {
        let digests = stored.digests
        try connection.execute("INSERT INTO filenames (filename) VALUES (\(form.filename))")
        let normalized = form.normalizedFilename
        if normalized != form.filename { try connection.execute("INSERT INTO filenames (filename) VALUES (\(normalized))") }
        try connection.touch(.project(project.normalizedName))
        return try connection.execute(
            """
            INSERT INTO files (project_id, release_id, filename, packagetype, python_version, comment, size, md5, sha256, blake2_256, path,
                metadata_sha256, metadata_blake2_256, requires_python, uploaded_via, uploaded_at)
            VALUES (\(project.id), \(release.id), \(form.filename), \(form.packageType), \(form.pythonVersion), \(form.comment), \(digests.size), \(digests.md5),
                \(digests.sha256), \(digests.blake2b256), \(stored.path), \(stored.metadata?.sha256), \(stored.metadata?.blake2b256),
                \(requiresPython), \(uploadedVia), \(now))
            RETURNING id
            """
        )[0]["id"]
    }

    /// What the row of a file names; `nil` when the file is gone.
    func named(id: Int64) throws -> NamedFile? {
        try connection.execute("SELECT \(Self.naming) FROM files WHERE id = \(id)").first.map(NamedFile.init)
    }

    /// What the rows of files name, in the order of their ids.
    package func named(after id: Int64, limit: Int) throws -> [NamedFile] {
        try connection.execute("SELECT \(Self.naming) FROM files WHERE id > \(id) ORDER BY id LIMIT \(limit)").map(NamedFile.init)
    }

    private static let naming: SQL = "id, path, size, sha256, blake2_256, metadata_sha256, metadata_blake2_256"

    /// How many files there are.
    package func count() throws -> Int { try connection.execute("SELECT COUNT(*) AS count FROM files")[0]["count"] }

    /// Every path that a file lies at.
    package func paths() throws -> [String] {
        try connection.execute("SELECT path FROM files ORDER BY path").map { try $0["path"] }
    }
}

extension Connection {
    package var files: Files { Files(connection: self) }
}
