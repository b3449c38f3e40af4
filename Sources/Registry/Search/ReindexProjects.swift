import Backends
package import JobQueue
import Packaging
import SQLDatabase

/// Brings up to date what is made from projects: which need which, and what search finds.
///
/// Every transaction that makes pages of a project stale asks for it, so that no use case can forget to. None takes the place of another: one that waits could be claimed before the
/// transaction that relied on it has committed.
package struct ReindexProjects: Job {
    package static let kind = "reindex-projects"
    /// About half a day: 5 s, 10 s … 10 min. Later the daily ``RebuildSearch`` mends it.
    package static let retry = RetryPolicy(attempts: 80, firstDelay: .seconds(5), longestDelay: .seconds(600))
    /// The most projects of one job.
    static let limit = 100

    /// Normalized.
    let names: [String]

    package func run(in index: PackageIndex) async throws {
        // First, for it needs nobody else.
        try await index.database.write { [names] in try $0.dependents.update(names) }
        for name in names { try await index.search.reindex(NormalizedName(normalizing: name), from: index.database) }
    }
}

/// The same for all projects: whatever was lost on the way is there again.
package struct RebuildSearch: Job {
    package static let kind = "rebuild-search"

    package var deduplicationKey: String? { Self.kind }

    package init() {}

    package func run(in index: PackageIndex) async throws {
        try await index.rebuildDependents()
        try await index.search.rebuild(from: index.database)
    }
}

extension Connection {
    /// Has search hear of what this transaction changes, once it has committed.
    ///
    /// - Parameter tags: the transaction's tags.
    func enqueueReindexing(of tags: Set<CacheTag>, now: Int64) throws {
        if tags.contains(.everything) {
            // Those who change everything do so in many transactions.
            try jobs.enqueue(RebuildSearch(), now: now, runAfter: now + 60 * 1_000_000)
            return
        }
        let names = tags.compactMap { if case .project(let name) = $0 { name.value } else { nil } }.sorted()
        for start in stride(from: 0, to: names.count, by: ReindexProjects.limit) {
            let piece = Array(names[start..<min(start + ReindexProjects.limit, names.count)])
            try jobs.enqueue(ReindexProjects(names: piece), now: now)
        }
    }
}
