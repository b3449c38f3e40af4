import Crypto
import Foundation
package import SQLDatabase

/// A page that search engines are told of.
package struct SitemapEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case project, user }

    package let kind: Kind
    /// A project's normalized name, or a user's name.
    package let name: String
    /// When it was made, in microseconds since 1970.
    package let createdAt: Int64
}

extension PackageIndex {
    /// Whoever is younger than this is not shown to search engines: 14 days, in microseconds (index §5.2).
    private static let sitemapAge: Int64 = 14 * 86400 * 1_000_000
    /// How many addresses one document may list (sitemaps.org).
    package static let sitemapLimit = 50_000

    /// The names of the parts of the sitemap, with the newest thing in each: `2a`, and `2a-2` for what does not fit into it.
    package func sitemapParts() async throws -> [(name: String, newest: Int64)] {
        var parts: [String: (count: Int, newest: Int64)] = [:]
        try await eachSitemapEntry { entry in
            let old = parts[Self.bucket(of: entry.name)] ?? (0, 0)
            parts[Self.bucket(of: entry.name)] = (old.count + 1, max(old.newest, entry.createdAt))
        }
        return parts.sorted { $0.key < $1.key }.flatMap { bucket, part in
            (1...((part.count + Self.sitemapLimit - 1) / Self.sitemapLimit)).map { ($0 == 1 ? bucket : "\(bucket)-\($0)", part.newest) }
        }
    }

    /// What a part lists, by name; nothing for one that does not exist.
    package func sitemap(_ part: String) async throws -> [SitemapEntry] {
        let pieces = part.split(separator: "-", maxSplits: 1)
        guard let bucket = pieces.first, let number = pieces.count == 1 ? 1 : Int(pieces[1]), number >= 1 else { return [] }
        var entries: [SitemapEntry] = []
        try await eachSitemapEntry { entry in if Self.bucket(of: entry.name) == bucket { entries.append(entry) } }
        return Array(entries.sorted { $0.name < $1.name }.dropFirst((number - 1) * Self.sitemapLimit).prefix(Self.sitemapLimit))
    }

    /// The first two hexadecimal digits of the SHA-512 of a name.
    static func bucket(of name: String) -> String {
        let byte = SHA512.hash(data: Data(name.utf8)).first { _ in true } ?? 0
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static let batch = 20_000

    private func eachSitemapEntry(_ body: (SitemapEntry) throws -> Void) async throws {
        let before = clock.now() - Self.sitemapAge
        for kind in [SitemapEntry.Kind.project, .user] {
            var last: Int64 = 0
            while true {
                let after = last
                let rows = try await queryForPages(
                    kind == .project
                        ? """
                        SELECT id, normalized_name AS name, created_at FROM projects
                        WHERE id > \(after) AND created_at < \(before) AND lifecycle_status IS DISTINCT FROM 'quarantine-enter' ORDER BY id LIMIT \(Self.batch)
                        """
                        : "SELECT id, username AS name, created_at FROM users WHERE id > \(after) AND created_at < \(before) AND is_active ORDER BY id LIMIT \(Self.batch)"
                )
                for row in rows {
                    last = try row["id"]
                    try body(SitemapEntry(kind: kind, name: try row["name"], createdAt: try row["created_at"]))
                }
                if rows.count < Self.batch { break }
            }
        }
    }
}
