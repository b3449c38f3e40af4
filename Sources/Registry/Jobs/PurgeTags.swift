import Backends
import Distributions
package import JobQueue
import SQLDatabase

/// Tells the CDN that what was made from these tags is stale (platform §8.3).
///
/// **Twice.** A purge right after the commit is not enough. Between the commit and the purge, and for a moment after it, the CDN may fetch a page from a
/// process that has not yet heard of the change and so still has the old one, or from one that had begun to build the page before the commit. The CDN
/// would keep that page, fresh in its eyes, until it expires. Every process hears of a change within ``hearing``; so each purge is followed by another,
/// ``pause`` after it, which finds no process left that could give an old page out.
package struct PurgeTags: Job {
    package static let kind = "purge-tags"
    /// Readers wait for it.
    package static let priority = JobPriority.urgent

    /// For a day, as long as the CDN would keep a page if nobody told it: 2 s, 4 s … 10 min.
    package static let retry = RetryPolicy(attempts: 160, firstDelay: .seconds(2), longestDelay: .seconds(600))

    /// The most tags of one job: a failure repeats few purges, and many tags are purged by several workers.
    static let limit = 100
    /// How long it takes at most until every process has heard of a change, in microseconds. The caches of pages promise it.
    static let hearing: Int64 = 2_000_000
    /// How long after a purge the second one follows, in microseconds.
    static let pause: Int64 = hearing + 1_000_000

    /// The keys as the CDN knows them.
    let tags: [String]
    /// Whether this is the purge after the purge.
    let isSecond: Bool

    /// The first purge has none. A job that waits could be claimed, and purge, before the transaction that relied on it has committed: that purge would be
    /// lost. The second ones of a tag set are one, and the latest: see ``run(in:)``.
    package var deduplicationKey: String? { isSecond ? Self.key(of: tags) : nil }

    /// A digest: a hundred tags are longer than what an index of PostgreSQL takes.
    private static func key(of tags: [String]) -> String { Digests(of: Array(tags.joined(separator: " ").utf8)).sha256 }

    package func run(in index: PackageIndex) async throws {
        guard index.cdn.isPresent else { return }
        try await index.cdn.purge(tags)
        guard !isSecond else { return }
        let now = index.clock.now()
        let second = PurgeTags(tags: tags, isSecond: true)
        try await index.database.write { [tags] tx in
            // One that waits for an earlier change would come too early for this one; a later one serves both.
            try tx.jobs.cancel(kind: Self.kind, deduplicationKey: Self.key(of: tags))
            try tx.jobs.enqueue(second, now: now, runAfter: now + Self.pause)
        }
    }
}

extension Connection {
    /// Has the CDN purged of what this transaction makes stale, once it has committed.
    ///
    /// - Parameter tags: the transaction's tags, all of them: the same tags are always cut into the same jobs.
    func enqueuePurge(of tags: some Sequence<CacheTag>, now: Int64) throws {
        let keys = Set(tags.map(\.description)).sorted()
        for start in stride(from: 0, to: keys.count, by: PurgeTags.limit) {
            let piece = Array(keys[start..<min(start + PurgeTags.limit, keys.count)])
            try jobs.enqueue(PurgeTags(tags: piece, isSecond: false), now: now)
        }
    }
}
