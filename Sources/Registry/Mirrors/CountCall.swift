extension PackageIndex {
    /// Counts a call of the XML-RPC interface. Counted first and looked at afterwards, as in the reference: of the limit's last call nobody gets an answer (index §10.1).
    ///
    /// - Throws: ``Rejection`` `rateLimited`.
    package func countCall(_ source: RequestSource) async throws {
        var seconds = await limiter.hit(.callsByAddress, source.place)
        if seconds == nil { seconds = await limiter.wait(.callsByAddress, source.place) }
        guard let seconds else { return }
        throw Rejection(.rateLimited(retryAfter: seconds), "Too many calls; the limit may reset in \(seconds) seconds.")
    }
}
