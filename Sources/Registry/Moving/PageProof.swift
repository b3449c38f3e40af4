// Whether two databases make the same pages.

import Crypto
import Packaging
import SQLDatabase

/// Builds every page of the index from two databases and compares them, some projects at a time.
struct PageProof: Sendable {
    private static let batch = 100
    let links: Links
    let work: LongWork

    init(links: Links, work: LongWork = LongWork()) {
        self.links = links
        self.work = work
    }

    /// The list of projects and the pages of some of them, as hashes of their bytes.
    private struct Batch: Sendable, Hashable {
        let list: [UInt8]
        let names: [String]
        let pages: [[UInt8]]
    }

    /// - Returns: how many projects were compared.
    /// - Throws: ``RowStreamFault`` that names the first page that differs.
    func compare(_ one: any Database, _ other: any Database, projects total: Int? = nil) async throws -> Int {
        work.begin("pages compared", total: total)
        var start = ""
        var count = 0
        while true {
            try work.checkStop()
            let first = try await pages(from: start, in: one)
            let second = try await pages(from: start, in: other)
            guard first.list == second.list, first.names == second.names else {
                throw RowStreamFault("the lists of projects differ behind '\(start)'")
            }
            for (place, name) in first.names.enumerated() where first.pages[place] != second.pages[place] {
                throw RowStreamFault("the page of \(name) differs")
            }
            count += first.names.count
            work.advance(by: first.names.count)
            guard first.names.count == Self.batch, let last = first.names.last else { break }
            // The next name there can be.
            start = last + "\u{1}"
        }
        work.end()
        return count
    }

    private func pages(from start: String, in database: any Database) async throws -> Batch {
        try await database.read { [links] tx in
            // Whatever stands in the list, also quarantined projects, which it leaves out.
            let reader = ProjectListReader(connection: tx)
            let names = try tx.execute(
                "SELECT normalized_name FROM projects WHERE normalized_name >= \(start) ORDER BY normalized_name LIMIT \(Self.batch)"
            ).map { try $0[at: 0, as: String.self] }
            let entries = try names.last.map { try reader.projects(from: start, to: $0 + "\u{1}") } ?? []
            let index = SimpleIndex(lastSerial: try reader.lastSerial(), projects: entries)
            let pages = try names.map { name in
                let normalized = NormalizedName(normalizing: name)
                guard let page = try SimpleListing(links: links).project(normalized, rows: tx.execute(SimpleListing.project(normalized))) else {
                    return [UInt8]()
                }
                return Array(SHA256.hash(data: page.json)) + Array(SHA256.hash(data: page.html))
            }
            return Batch(list: Array(SHA256.hash(data: index.json)) + Array(SHA256.hash(data: index.html)), names: names, pages: pages)
        }
    }
}
