extension PackageIndex {
    /// Whether a user may make one more project now, and from here (index §2.6). What the operator does on the server is not counted.
    ///
    /// - Throws: ``Rejection`` `rateLimited`.
    func checkRoomForProject(by identity: Identity, source: RequestSource) async throws {
        for (limit, key) in projectLimits(identity, source) {
            guard let seconds = await limiter.wait(limit, key) else { continue }
            throw Rejection(
                .rateLimited(retryAfter: seconds),
                "Too many new projects were made lately; try again in \(RateLimit.words(seconds)) (EMPORIUM_NEW_PROJECT_LIMITS=off lifts this limit)."
            )
        }
    }

    func countNewProject(by identity: Identity, source: RequestSource) async {
        for (limit, key) in projectLimits(identity, source) { await limiter.hit(limit, key) }
    }

    private func projectLimits(_ identity: Identity, _ source: RequestSource) -> [(RateLimit, String)] {
        guard settings.limitsNewProjects, source.address != nil, let user = identity.user else { return [] }
        return [(.projectsByAddress, source.place), (.projectsByUser, user.uuid)]
    }
}
