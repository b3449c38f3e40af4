import SQLDatabase

/// Who sends an upload, and what held when it began to arrive: read once, in one transaction, before the form streams in.
///
/// Nothing is promised by it: the transaction that records the file asks again whatever may have changed while the form came and was judged.
package struct Admission: Sendable {
    /// What of the upload is worth keeping.
    package let allowance: UploadAllowance
    let identity: Identity
    /// Whether the index takes nothing now, because it is being moved.
    let isFrozen: Bool
    let flags: Set<SiteFlag>
}

extension PackageIndex {
    /// Finds out who sends an upload. Refuses nothing: the reasons are told in their order once the form is here (``publish(_:_:)``).
    package func admission(for credentials: PresentedCredentials, source: RequestSource) async throws -> Admission {
        let now = clock.now()
        let presented = PresentedToken(credentials)
        let (found, largestFile, isFrozen, flags) = try await database.read { tx in
            try identifiers.refresh(tx)
            let found = try presented.flatMap { try findToken($0, source: source, now: now, tx) }
            let largestFile = found == nil ? nil : try tx.projects.largestFileSizeLimit()
            return (found, largestFile, try tx.freeze.state(now: now) != .open, try tx.flags.on())
        }
        let identity = try identity(of: presented, found, source: source)
        var fileSize: Int64 = 0
        if case .token = identity { fileSize = max(settings.fileSizeLimit, largestFile ?? 0) }
        return Admission(allowance: UploadAllowance(fileSize: fileSize), identity: identity, isFrozen: isFrozen, flags: flags)
    }
}
