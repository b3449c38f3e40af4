import Credentials
import Distributions
import FaultPoints
import JobQueue
import Packaging
import SQLDatabase

// Step 32 of index §2.3, second half: one transaction makes everything visible.
extension PackageIndex {
    /// Project, release, file, journal and events. What may have changed meanwhile is asked again: who may upload (3, 4, 6, 11 to 15), the project's
    /// size (23), and what others have published (25 to 28).
    ///
    /// - Returns: how it ended, and whether it made the project.
    func record(_ upload: CheckedUpload, _ stored: StoredUpload) async throws -> (outcome: PublishOutcome, madeProject: Bool) {
        for _ in 0..<5 {
            do {
                let recorded = try await database.write { tx in
                    let recorded = try record(upload, stored, tx)
                    passFaultPoint("record.commit")
                    return recorded
                }
                passFaultPoint("record.committed")
                return recorded
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                // Somebody else was first with the same project, release or file: look again at what there is now.
                continue
            }
        }
        throw Rejection(.unavailable, "Too many uploads of '\(upload.form.filename)' at once; try again.")
    }

    private func record(_ upload: CheckedUpload, _ stored: StoredUpload, _ tx: any Connection) throws -> (outcome: PublishOutcome, madeProject: Bool)
    {
        let (user, token, identity) = try stillAdmitted(upload, tx)
        let form = upload.form
        let target = upload.target
        let source = upload.source
        let now = clock.now()
        var journal: [JournalEntry] = []

        let project = try findOrCreateProject(form, target, identity, user, source, &journal, tx)
        let madeProject = !journal.isEmpty
        if try isAlreadyPublished(form, stored.digests, tx) {
            try tx.pendingFiles.release(stored.path)
            return (.alreadyPublished, false)
        }
        guard project.totalSize + stored.digests.size <= target.totalSizeLimit else {
            throw Rejection(.invalid, "Project size too large. See \(links.help(.projectSizeLimit)) for more information.", field: "content")
        }

        let (release, isNew) = try findOrCreateRelease(upload, project, user, &journal, tx)
        let fileID = try tx.files.insert(
            form,
            stored,
            project: project,
            release: release,
            requiresPython: upload.requiresPython,
            uploadedVia: source.userAgent,
            now: now
        )
        if archive != nil {
            // In the archive only, for now.
            try tx.uncopiedFiles.add(fileID, lookAfter: now + ReconcileStorages.pause)
            try tx.jobs.enqueue(CopyToServed(fileID: fileID), now: now)
        }
        try tx.jobs.enqueue(SummarizeContents(fileID: fileID), now: now)
        try tx.projects.addSize(stored.digests.size, to: project)
        try tx.events.record(
            .file(fileID),
            "file:add",
            [
                "filename": form.filename, "submitted_by": user.username, "canonical_version": release.canonicalVersion, "publisher_url": nil,
                "project_id": project.uuid, "uploaded_via_trusted_publisher": "false",
            ],
            source: source,
            now: now
        )
        for remark in upload.remarks {
            try tx.events.record(
                .file(fileID),
                "file:rule:warning",
                ["rule": remark.rule.rawValue, "reason": remark.sentence],
                source: source,
                now: now
            )
        }
        try recordDoubts(upload.inspection, fileID: fileID, source: source, now: now, tx)
        let other = isNew ? [] : try tx.releases.fieldsUnlike(form.metadata, release: release)
        if !other.isEmpty {
            try tx.events.record(.file(fileID), "file:release:mismatch", ["fields": other.joined(separator: ", ")], source: source, now: now)
        }
        guard try tx.pendingFiles.release(stored.path) else {
            // So long ago that it was taken for dead: its bytes may be gone.
            throw Rejection(.unavailable, "Storing '\(form.filename)' took too long; try again.")
        }
        try tx.apiTokens.touch(token, source: source, now: now)
        journal.append(JournalEntry(version: release.version, action: .addFile(pythonVersion: form.pythonVersion, filename: form.filename)))
        // Last: it holds the lock that every publish needs.
        try tx.journal.append(journal, to: project, name: form.name.raw, by: user.username, now: now)
        let warnings =
            upload.warnings
            + other.map { field in
                field == Releases.requiresPython
                    ? "\(field) of this file is not that of release \(release.version): installers go by each file's own, the release's page shows its first file's."
                    : "\(field) of this file is not that of release \(release.version): the release keeps what its first file said."
            }
        return (.published(warnings: warnings), madeProject)
    }

    private func findOrCreateRelease(
        _ upload: CheckedUpload,
        _ project: Project,
        _ user: User,
        _ journal: inout [JournalEntry],
        _ tx: any Connection
    ) throws -> (Release, isNew: Bool) {
        let form = upload.form
        let verification = LinkVerification(of: form.name, links: links)
        if let existing = try tx.releases.find(projectID: project.id, form.version) {
            try tx.releases.verify(form.metadata, verification, release: existing)
            return (existing, false)
        }
        let now = clock.now()
        let release = try tx.releases.insert(
            form,
            description: upload.description,
            links: verification,
            projectID: project.id,
            uploaderID: user.id,
            uploadedVia: upload.source.userAgent,
            now: now
        )
        try tx.events.record(
            .project(project.id),
            "project:release:add",
            [
                "submitted_by": user.username, "canonical_version": release.canonicalVersion, "publisher_url": nil,
                "uploaded_via_trusted_publisher": "false",
            ],
            source: upload.source,
            now: now
        )
        journal.append(JournalEntry(version: release.version, action: .newRelease))
        return (release, true)
    }

    /// What was found in a file and is no reason to refuse it, for its owners to look at.
    private func recordDoubts(_ inspection: UploadInspection, fileID: Int64, source: RequestSource, now: Int64, _ tx: any Connection) throws {
        if let record = inspection.record, !record.isFaithful {
            func names(_ list: [String]) -> String? { list.isEmpty ? nil : list.prefix(20).map(MetadataError.echo).joined(separator: ", ") }
            try tx.events.record(
                .file(fileID),
                "file:record:mismatch",
                [
                    "missing": names(record.missing), "extra": names(record.extra), "wrong_hash": names(record.wrongHash),
                    "wrong_size": names(record.wrongSize),
                ],
                source: source,
                now: now
            )
        }
        if let contradiction = inspection.contradiction {
            try tx.events.record(
                .file(fileID),
                "file:metadata:mismatch",
                ["field": contradiction.field.rawValue, "in_form": contradiction.inForm, "in_file": contradiction.inFile],
                source: source,
                now: now
            )
        }
    }

    /// What let this upload in may have been taken back while it waited for its turn, its inspection or its storage: all of it is asked again.
    private func stillAdmitted(_ upload: CheckedUpload, _ tx: any Connection) throws -> (User, APIToken, Identity) {
        try checkUploadsAreOpen(try tx.flags.on())
        guard case .token(_, let token, let macaroon, let source) = upload.identity, let (user, current) = try tx.apiTokens.find(id: token.id),
            user.isActive,
            !user.isFrozen
        else {
            throw Rejection(.forbidden, "Invalid or non-existent authentication information. See \(links.help(.invalidAuth)) for more information.")
        }
        let identity = Identity.token(user, current, macaroon, source)
        try checkAccount(identity, tx)
        return (user, current, identity)
    }

    private func findOrCreateProject(
        _ form: UploadForm,
        _ target: UploadTarget,
        _ identity: Identity,
        _ user: User,
        _ source: RequestSource,
        _ journal: inout [JournalEntry],
        _ tx: any Connection
    ) throws -> Project {
        if target.project == nil {
            // Names are taken one after the other; somebody may have made this very project since we looked.
            try tx.projects.lockNames()
        }
        if let project = try tx.projects.findForUpdate(form.name.normalized) {
            // Created by somebody else since we looked, or taken away from us.
            try checkPermission(identity, on: project, tx)
            try checkOrganization(of: project, tx)
            if project.name != form.name.raw { try tx.projects.rename(project, to: form.name) }
            return project
        }
        if try tx.flags.on().contains(.disallowNewProjectRegistration) { throw Self.registrationDisabled(links) }
        if let refusal = try tokenRefusal(identity, .upload, project: .init(normalizedName: form.name.normalized.value, id: target.uuid)) {
            throw Rejection(.forbidden, "Invalid API Token: \(refusal)")
        }
        let project = try tx.createProject(
            form.name,
            uuid: target.uuid,
            creator: user,
            source: source,
            standardLibrary: identifiers.latest.standardLibrary,
            settings: settings,
            links: links,
            now: clock.now()
        )
        journal.append(JournalEntry(version: nil, action: .create))
        journal.append(JournalEntry(version: nil, action: .addRole(.owner, user.username)))
        return project
    }
}
