import Distributions
import Packaging
import SQLDatabase

extension PackageIndex {
    /// Inserts new projects as rows alone: no bytes are stored, nothing is checked, no security events or jobs are made. For load tests.
    ///
    /// One transaction, with all that readers rely on: journal, serials, owners, names taken for good, and a word to every cache.
    /// - Parameter owner: who owns them all.
    /// - Throws: ``DatabaseError``, of kind `uniqueViolation` when a name or content is there already.
    package func insertInBulk(_ projects: [BulkProject], owner: User) async throws {
        let now = clock.now()
        try await database.write { tx in
            let entries = projects.map { project in
                2 + project.releases.reduce(0) { $0 + 1 + $1.files.count }
            }
            // Locked from here on: whoever publishes meanwhile waits for this transaction.
            let last = try tx.journal.takeSerials(entries.reduce(0, +))
            var rows = BulkRows(owner: owner, now: now, serial: last - Int64(entries.reduce(0, +)))
            for (project, count) in zip(projects, entries) { rows.addProject(project, entries: count) }
            let ids = try tx.insertRows(BulkRows.projects, rows.projects, returning: "RETURNING id, normalized_name")
            let projectIDs = try Dictionary(uniqueKeysWithValues: ids.map { (try $0[at: 1, as: String.self], try $0[at: 0, as: Int64.self]) })
            for project in projects {
                guard let id = projectIDs[project.name.normalized.value] else { continue }
                try rows.addReleases(of: project, id: id, tx)
            }
            try rows.insertRest(tx)
            try tx.touch(.everything)
        }
    }
}

/// Rows on their way into the tables.
private struct BulkRows {
    static let projects: SQL =
        "INSERT INTO projects (uuid, name, normalized_name, ultranormalized_name, last_serial, total_size, created_at) VALUES"
    private static let releases: SQL = """
        INSERT INTO releases (project_id, version, canonical_version, version_key, is_prerelease, yanked, summary, license_files, keywords,
            requires_python, provides_extra, dynamic, uploader_id, created_at) VALUES
        """
    private static let wheels: SQL = """
        INSERT INTO files (project_id, release_id, filename, packagetype, python_version, size, md5, sha256, blake2_256, path,
            requires_python, uploaded_at, metadata_sha256, metadata_blake2_256) VALUES
        """
    private static let sourceDistributions: SQL = """
        INSERT INTO files (project_id, release_id, filename, packagetype, python_version, size, md5, sha256, blake2_256, path,
            requires_python, uploaded_at) VALUES
        """

    let owner: User
    let now: Int64
    /// The newest one given away.
    var serial: Int64
    private(set) var projects: [[SQLValue]] = []
    private var roles: [[SQLValue]] = []
    private var wheels: [[SQLValue]] = []
    private var sourceDistributions: [[SQLValue]] = []
    private var filenames: [[SQLValue]] = []
    /// Lines of the journal about a project, and about a release.
    private var projectLines: [[SQLValue]] = []
    private var releaseLines: [[SQLValue]] = []

    init(owner: User, now: Int64, serial: Int64) {
        self.owner = owner
        self.now = now
        self.serial = serial
    }

    mutating func addProject(_ project: BulkProject, entries: Int) {
        let name = project.name
        let size = project.releases.reduce(0) { $0 + $1.files.reduce(0) { $0 + $1.digests.size } }
        func line(_ action: JournalAction) -> [SQLValue] {
            serial += 1
            return [serial.sqlValue, name.raw.sqlValue, action.text.sqlValue, owner.username.sqlValue, now.sqlValue]
        }
        let lastSerial = serial + Int64(entries)
        projects.append([
            project.uuid.sqlValue, name.raw.sqlValue, name.normalized.value.sqlValue, name.ultranormalized.sqlValue, lastSerial.sqlValue,
            size.sqlValue, now.sqlValue,
        ])
        projectLines.append(line(.create))
        projectLines.append(line(.addRole(.owner, owner.username)))
        for release in project.releases {
            let version = release.version.description.sqlValue
            releaseLines.append(line(.newRelease) + [version])
            for file in release.files {
                releaseLines.append(line(.addFile(pythonVersion: file.pythonVersion, filename: file.filename)) + [version])
            }
        }
    }

    mutating func addReleases(of project: BulkProject, id: Int64, _ tx: any Connection) throws {
        roles.append([id.sqlValue, owner.id.sqlValue, Role.Name.owner.sqlValue])
        let empty = StringList.encode([]).sqlValue
        let rows = project.releases.map { release -> [SQLValue] in
            [
                id.sqlValue, release.version.description.sqlValue, release.version.canonical.sqlValue, release.version.sortKey.sqlValue,
                release.version.isPrerelease.sqlValue, release.isYanked.sqlValue, project.summary.sqlValue, empty, empty,
                project.requiresPython.sqlValue, empty, empty, owner.id.sqlValue, now.sqlValue,
            ]
        }
        let ids = try tx.insertRows(Self.releases, rows, returning: "RETURNING id, version")
        let releaseIDs = try Dictionary(uniqueKeysWithValues: ids.map { (try $0[at: 1, as: String.self], try $0[at: 0, as: Int64.self]) })
        for release in project.releases {
            guard let releaseID = releaseIDs[release.version.description] else { continue }
            for file in release.files {
                let type: File.PackageType = file.metadata == nil ? .sdist : .wheel
                let digests = file.digests
                let row: [SQLValue] = [
                    id.sqlValue, releaseID.sqlValue, file.filename.sqlValue, type.sqlValue, file.pythonVersion.sqlValue, digests.size.sqlValue,
                    digests.md5.sqlValue, digests.sha256.sqlValue, digests.blake2b256.sqlValue,
                    PackageIndex.storagePath(digests, file.filename).sqlValue, project.requiresPython.sqlValue, now.sqlValue,
                ]
                if let metadata = file.metadata {
                    wheels.append(row + [metadata.sha256.sqlValue, metadata.blake2b256.sqlValue])
                } else {
                    sourceDistributions.append(row)
                }
                filenames.append([file.filename.sqlValue])
            }
        }
    }

    func insertRest(_ tx: any Connection) throws {
        try tx.insertRows("INSERT INTO roles (project_id, user_id, name) VALUES", roles)
        try tx.insertRows(Self.wheels, wheels)
        try tx.insertRows(Self.sourceDistributions, sourceDistributions)
        try tx.insertRows("INSERT INTO filenames (filename) VALUES", filenames)
        try tx.insertRows("INSERT INTO journal (serial, project_name, action, submitted_by, submitted_at) VALUES", projectLines)
        try tx.insertRows("INSERT INTO journal (serial, project_name, action, submitted_by, submitted_at, version) VALUES", releaseLines)
    }
}
