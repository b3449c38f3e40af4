extension PackageIndex {
    /// Counts a project that is about to be made (index §2.6). What the operator does on the server is not counted.
    ///
    /// - Throws: ``Rejection`` `rateLimited`.
    func countNewProject(by identity: Identity, source: RequestSource) async throws {
        guard settings.limitsNewProjects, source.address != nil, let user = identity.user else { return }
        // Both are asked before either is counted.
        for (limit, key) in [(RateLimit.projectsByAddress, source.place), (.projectsByUser, user.uuid)] {
            if let seconds = await limiter.wait(limit, key) { throw Self.tooManyProjects(seconds) }
        }
        for (limit, key) in [(RateLimit.projectsByAddress, source.place), (.projectsByUser, user.uuid)] {
            if let seconds = await limiter.hit(limit, key) { throw Self.tooManyProjects(seconds) }
        }
    }

    private static func tooManyProjects(_ seconds: Int) -> Rejection {
        Rejection(.rateLimited(retryAfter: seconds), "Too many new projects were made lately; try again in \(RateLimit.words(seconds)).")
    }
}
