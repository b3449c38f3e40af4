extension PackageIndex {
    /// Takes a place for a project that an upload is about to make, in the limits of its user and its address together (index §2.6). What the operator does on the
    /// server is not counted. An upload that makes no project gives the place back.
    ///
    /// - Throws: ``Rejection`` `rateLimited`.
    func takePlaceForProject(by identity: Identity, source: RequestSource) async throws -> RateLimiter.Places {
        guard settings.limitsNewProjects, source.address != nil, let user = identity.user else { return RateLimiter.Places() }
        return try await limiter.take([(.projectsByAddress, source.place), (.projectsByUser, user.uuid)]) { seconds in
            Rejection(
                .rateLimited(retryAfter: seconds),
                "Too many new projects were made lately; try again in \(RateLimit.words(seconds)) (EMPORIUM_NEW_PROJECT_LIMITS=off lifts this limit)."
            )
        }
    }
}
