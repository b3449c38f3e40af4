// The upload pipeline.

import SQLDatabase

extension PackageIndex {
    /// What a sender may have us keep while their upload streams in, before the form is known.
    package func uploadAllowance(for credentials: PresentedCredentials, source: RequestSource) async throws -> UploadAllowance {
        guard case .token = try await authenticate(credentials, source: source) else { return UploadAllowance(fileSize: 0) }
        let raised = try await database.read { try $0.projects.largestFileSizeLimit() }
        return UploadAllowance(fileSize: max(settings.fileSizeLimit, raised ?? 0))
    }

    /// Publishes a file: checks it step by step (index §2.3; the first failure wins), stores it, and records it.
    ///
    /// A refused upload leaves nothing behind: no project, no release, no row, no bytes.
    /// - Throws: ``Rejection``.
    package func publish(_ upload: Upload) async throws -> PublishOutcome {
        let identity = try await admit(upload)
        let form = try parse(upload)
        let target = try await authorize(form, identity, source: upload.source)
        let description = try await place(form, sentBy: identity)
        let digests = try measure(form, for: target)
        if try await isAlreadyPublished(form, digests) { return .alreadyPublished }
        let inspection = try await inspect(form)
        try attest(form)
        let checked = CheckedUpload(
            form: form,
            target: target,
            identity: identity,
            source: upload.source,
            description: description,
            inspection: inspection
        )
        guard target.project == nil else { return try await withStoredFile(checked, digests) { try await record(checked, $0).outcome } }
        let place = try await takePlaceForProject(by: identity, source: upload.source)
        do {
            let recorded = try await withStoredFile(checked, digests) { try await record(checked, $0) }
            // Of several first uploads at once, one made the project.
            if !recorded.madeProject { await limiter.giveBack(place) }
            return recorded.outcome
        } catch {
            await limiter.giveBack(place)
            throw error
        }
    }
}
