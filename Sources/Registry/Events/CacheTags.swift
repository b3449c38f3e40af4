import SQLDatabase

extension Connection {
    /// Says that responses made from these are stale once this transaction has committed.
    ///
    /// The write gateways call it, so that no use case can forget to.
    func touch(_ tags: CacheTag...) throws {
        for tag in tags { try notify(CacheTag.channel, tag.description) }
    }
}

extension CacheTag {
    /// The channel on which processes hear which tags a commit touched.
    package static let channel = "cache_tags"
}
