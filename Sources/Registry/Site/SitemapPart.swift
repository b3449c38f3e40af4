package import SQLDatabase

/// What search engines are told of.
package enum SitemapKind: String, Sendable, Hashable, CaseIterable {
    case projects
    case users
}

/// A part of a sitemap: whatever has an id in one range, so that no part has to look at more than it may list.
package struct SitemapPart: Sendable, Hashable {
    package let kind: SitemapKind
    /// Counted from 0.
    package let number: Int64

    /// How many addresses one document may list (sitemaps.org).
    package static let limit: Int64 = 50_000

    init(_ kind: SitemapKind, _ number: Int64) {
        self.kind = kind
        self.number = number
    }

    /// - Parameter name: such as `projects-0`.
    /// - Returns: `nil` for what is never the name of a part.
    package init?(_ name: String) {
        let pieces = name.split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.count == 2, let kind = SitemapKind(rawValue: String(pieces[0])), let number = Int64(pieces[1]), (0..<1_000_000).contains(number)
        else {
            return nil
        }
        self.init(kind, number)
    }

    package var name: String { "\(kind.rawValue)-\(number)" }
}

extension PackageIndex {
    /// Whoever is younger than this is not shown to search engines: 14 days, in microseconds (index §5.2).
    private static let sitemapAge: Int64 = 14 * 86400 * 1_000_000

    package func sitemapParts() async throws -> [SitemapPart] {
        try await readForPages { tx in
            try SitemapKind.allCases.flatMap { kind in
                let last: Int64? = try tx.execute(kind == .projects ? "SELECT MAX(id) AS last FROM projects" : "SELECT MAX(id) AS last FROM users")[
                    0
                ]["last"]
                return last.map { (0...($0 / SitemapPart.limit)).map { SitemapPart(kind, $0) } } ?? []
            }
        }
    }

    /// What a part lists: normalized names of projects, or names of users.
    package func sitemap(_ part: SitemapPart) async throws -> [String] {
        let before = clock.now() - Self.sitemapAge
        let first = part.number * SitemapPart.limit
        let end = first + SitemapPart.limit
        let rows =
            switch part.kind {
            case .projects:
                try await queryForPages(
                    """
                    SELECT normalized_name AS name FROM projects WHERE id >= \(first) AND id < \(end) AND created_at < \(before)
                        AND lifecycle_status IS DISTINCT FROM 'quarantine-enter' ORDER BY id
                    """
                )
            case .users:
                try await queryForPages(
                    "SELECT username AS name FROM users WHERE id >= \(first) AND id < \(end) AND created_at < \(before) AND is_active ORDER BY id"
                )
            }
        return try rows.map { try $0["name"] }
    }
}
