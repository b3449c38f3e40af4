import SQLDatabase
import Synchronization

/// How much an index holds (platform §11.2).
package struct SiteCounts: Sendable, Hashable {
    package let projects: Int
    package let releases: Int
    package let files: Int
    package let users: Int
    /// Of all files, in bytes.
    package let totalSize: Int64
    /// The projects with the most bytes, the largest first.
    package var largest: [Entry]

    package struct Entry: Sendable, Hashable {
        package let name: String
        package let normalizedName: String
        package let size: Int64
    }
}

extension PackageIndex {
    /// What the index holds, or held an hour ago: whoever counts millions of rows need not do so for every visitor.
    package func siteCounts() async throws -> SiteCounts {
        try await knownCounts.value(now: clock.now()) {
            try await readForPages { tx in
                let row = try tx.execute(
                    """
                    SELECT (SELECT COUNT(*) FROM projects) AS projects, (SELECT COUNT(*) FROM releases) AS releases, (SELECT COUNT(*) FROM files) AS files,
                        (SELECT COUNT(*) FROM users) AS users, (SELECT CAST(COALESCE(SUM(total_size), 0) AS BIGINT) FROM projects) AS total
                    """
                )[0]
                let largest = try tx.execute(
                    """
                    SELECT name, normalized_name, total_size FROM projects WHERE lifecycle_status IS DISTINCT FROM 'quarantine-enter'
                    ORDER BY total_size DESC, normalized_name LIMIT 100
                    """
                ).map { SiteCounts.Entry(name: try $0["name"], normalizedName: try $0["normalized_name"], size: try $0["total_size"]) }
                return SiteCounts(
                    projects: try row["projects"],
                    releases: try row["releases"],
                    files: try row["files"],
                    users: try row["users"],
                    totalSize: try row["total"],
                    largest: largest
                )
            }
        }
    }
}

/// What this process counted last.
final class KnownCounts: Sendable {
    /// In microseconds.
    private static let lifetime: Int64 = 3600 * 1_000_000
    /// How long a count may take before somebody else tries, in microseconds.
    private static let patience: Int64 = 60 * 1_000_000
    /// Fewer files are counted in no time, and each new one shows.
    private static let few = 10_000

    private let known = Mutex<(counts: SiteCounts, until: Int64)?>(nil)

    func value(now: Int64, _ count: () async throws -> SiteCounts) async throws -> SiteCounts {
        let old = known.withLock { known -> SiteCounts? in
            guard let old = known else { return nil }
            if now < old.until { return old.counts }
            // This one counts; the others are told what was known, meanwhile.
            known = (old.counts, now + Self.patience)
            return nil
        }
        if let old { return old }
        let counts = try await count()
        if counts.files > Self.few { known.withLock { $0 = (counts, now + Self.lifetime) } }
        return counts
    }
}
