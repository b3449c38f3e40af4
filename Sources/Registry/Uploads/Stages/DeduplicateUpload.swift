import Distributions
import Packaging
import SQLDatabase

// Steps 25 to 28 of index §2.3: once on what is committed, and again inside the transaction that records the file.
extension PackageIndex {
    /// 25 the very same file is no error · 26 a name is used once · 27 the upload window · 28 one sdist a release.
    ///
    /// - Returns: whether the very same file is here already.
    func isAlreadyPublished(_ form: UploadForm, _ digests: Digests, _ tx: any Connection) throws -> Bool {
        let filename = form.filename
        let twins = try tx.files.find(filename: filename, orBLAKE2b256: digests.blake2b256)
        if twins.contains(where: { $0.filename == filename && $0.sha256 == digests.sha256 && $0.blake2b256 == digests.blake2b256 }) { return true }
        guard twins.isEmpty else {
            throw Rejection(
                .invalid,
                "File already exists ('\(filename)', with blake2_256 hash '\(digests.blake2b256)'). See \(links.help(.fileNameReuse)) for more information.",
                field: "content"
            )
        }
        let normalized = form.normalizedFilename
        if try tx.files.isNameUsed(filename) || (normalized != filename && tx.files.isNameUsed(normalized)) {
            if let other = try otherSpelling(of: form, tx) {
                throw Rejection(
                    .invalid,
                    "File already exists under another spelling of its name ('\(other)'). See \(links.help(.fileNameReuse)) for more information.",
                    field: "content"
                )
            }
            throw Rejection(
                .invalid,
                "This filename was previously used by a file that has since been deleted. Use a different version. See \(links.help(.fileNameReuse)) for more information.",
                field: "content"
            )
        }
        guard let project = try tx.projects.find(form.name.normalized), let release = try tx.releases.find(projectID: project.id, form.version) else {
            return false
        }
        if let days = settings.uploadWindowDays, clock.now() - release.createdAt > Int64(days) * 86_400_000_000 {
            throw Rejection(
                .invalid,
                "Release '\(release.version)' is more than \(days) days old and takes no new files: publish a new version. See \(links.help(.uploadWindow)) for more information (EMPORIUM_UPLOAD_WINDOW_DAYS sets this; 0 lifts it).",
                field: "content"
            )
        }
        if form.packageType == .sdist, try tx.files.hasSourceDistribution(releaseID: release.id) {
            throw Rejection(.invalid, "Only one sdist may be uploaded per release.", field: "content")
        }
        return false
    }

    /// The name of the release's file that is spelled otherwise but is the same once normalized.
    private func otherSpelling(of form: UploadForm, _ tx: any Connection) throws -> String? {
        guard let project = try tx.projects.find(form.name.normalized), let release = try tx.releases.find(projectID: project.id, form.version) else {
            return nil
        }
        let normalized = form.normalizedFilename
        return try tx.files.of(releaseID: release.id).map(\.filename).first { other in
            let name =
                switch form.packageType {
                case .sdist: (try? SourceFilename(other, of: form.name.normalized))?.normalized
                case .wheel: (try? WheelFilename(other))?.normalized
                }
            return name == normalized
        }
    }
}
