extension PackageIndex {
    /// Counts a call of the XML-RPC interface. The call that takes the last place of the limit is refused too, as in the reference (index §10.1).
    ///
    /// - Throws: ``Rejection`` `rateLimited`.
    package func countCall(_ source: RequestSource) async throws {
        guard let seconds = await limiter.hitBeforeLast(.callsByAddress, source.place) else { return }
        throw Rejection(.rateLimited(retryAfter: seconds), "Too many calls; the limit may reset in \(seconds) seconds.")
    }
}
