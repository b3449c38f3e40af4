// The upload pipeline.

import SQLDatabase

extension PackageIndex {
    /// Publishes a file that is here already, rather than arriving over the network.
    ///
    /// - Throws: ``Rejection``.
    package func publish(_ upload: Upload) async throws -> PublishOutcome {
        try await publish(upload, admission(for: upload.credentials, source: upload.source))
    }

    /// Publishes a file: checks it step by step (index §2.3; the first failure wins), stores it, and records it.
    ///
    /// A refused upload leaves nothing behind: no project, no release, no row, no bytes.
    /// - Parameter admission: of the upload's own credentials and source.
    /// - Throws: ``Rejection``.
    package func publish(_ upload: Upload, _ admission: Admission) async throws -> PublishOutcome {
        let identity = try admit(upload, admission)
        let form = try await parseInTurn(upload, sentBy: identity)
        let (target, isAlreadyPublished) = try await lookUp(form, identity)
        let description = try await place(form, sentBy: identity)
        let digests = try measure(form, for: target)
        if try isAlreadyPublished.get() { return .alreadyPublished }
        let inspection = try await inspect(form, sentBy: identity, scan: !admission.flags.contains(.disableUploadScanning))
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
        let taken = try await takePlaceForProject(by: identity, source: upload.source)
        do {
            let recorded = try await withStoredFile(checked, digests) { try await record(checked, $0) }
            // Of several first uploads at once, one made the project.
            if !recorded.madeProject { await limiter.giveBack(taken) }
            return recorded.outcome
        } catch {
            await limiter.giveBack(taken)
            throw error
        }
    }

    /// Reads once what two stages ask of the database: steps 11 to 15, which fail now, and 25 to 28, whose turn comes later.
    private func lookUp(_ form: UploadForm, _ identity: Identity) async throws -> (UploadTarget, isAlreadyPublished: Result<Bool, Rejection>) {
        try await database.read { tx in
            let target = try authorize(form, identity, tx)
            guard let digests = form.content.digests else { return (target, .success(false)) }
            do {
                return (target, .success(try isAlreadyPublished(form, digests, tx)))
            } catch let rejection as Rejection {
                return (target, .failure(rejection))
            }
        }
    }
}
