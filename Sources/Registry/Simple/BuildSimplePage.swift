package import Packaging
import SQLDatabase

/// The formats of the index pages (PEP 503, PEP 691).
package enum SimpleFormat: Sendable, Hashable, CaseIterable {
    case html
    case v1HTML
    case v1JSON
}

/// An index page, ready to be sent.
package struct SimplePage: Sendable {
    package let body: [UInt8]
    package let lastSerial: Int64
}

extension PackageIndex {
    /// The page of one project.
    ///
    /// - Returns: `nil` when there is no such project.
    package func simplePage(of name: NormalizedName, format: SimpleFormat) async throws -> SimplePage? {
        let rows = try await queryForPages(SimpleListing.project(name))
        guard let project = try SimpleListing(links: links).project(name, rows: rows) else { return nil }
        return SimplePage(body: format == .v1JSON ? project.json : project.html, lastSerial: project.lastSerial)
    }

    /// Whether a project exists.
    package func hasProject(_ name: NormalizedName) async throws -> Bool {
        try await !database.query("SELECT 1 AS found FROM projects WHERE normalized_name = \(name.value)").isEmpty
    }
}
