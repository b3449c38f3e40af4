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

    /// Pages that were the same on both sides: the serial that each had. Whatever changes a page gives it another serial.
    struct Proven: Sendable {
        fileprivate var serials: [String: Int64] = [:]
    }

    /// The list of projects and the pages of some of them, as hashes of their bytes.
    private struct Batch: Sendable {
        let list: [UInt8]
        let names: [String]
        let serials: [Int64]
        let pages: [[UInt8]]
    }

    /// Builds the pages of an index that may change meanwhile.
    ///
    /// - Returns: those that are the same.
    func prove(_ one: any Database, _ other: any Database) async throws -> Proven {
        work.begin("pages built")
        var proven = Proven()
        var start = ""
        while true {
            try work.checkStop()
            let first = try await pages(from: start, in: one, knowing: Proven())
            let second = try await pages(from: start, in: other, knowing: Proven())
            let there = Dictionary(uniqueKeysWithValues: zip(second.names, zip(second.serials, second.pages)))
            for (place, name) in first.names.enumerated() {
                guard let (serial, page) = there[name], serial == first.serials[place], page == first.pages[place] else { continue }
                proven.serials[name] = serial
            }
            work.advance(by: first.names.count)
            guard first.names.count == Self.batch, let last = first.names.last else { break }
            start = Self.behind(last)
        }
        work.end()
        return proven
    }

    /// - Returns: how many projects were compared.
    /// - Throws: ``RowStreamFault`` that names the first page that differs.
    func compare(_ one: any Database, _ other: any Database, knowing proven: Proven = Proven()) async throws -> Int {
        work.begin("pages compared")
        var start = ""
        var count = 0
        while true {
            try work.checkStop()
            let first = try await pages(from: start, in: one, knowing: proven)
            let second = try await pages(from: start, in: other, knowing: proven)
            guard first.list == second.list, first.names == second.names, first.serials == second.serials else {
                throw RowStreamFault("the lists of projects differ behind '\(start)'")
            }
            for (place, name) in first.names.enumerated() where first.pages[place] != second.pages[place] {
                throw RowStreamFault("the page of \(name) differs")
            }
            count += first.names.count
            work.advance(by: first.names.count)
            guard first.names.count == Self.batch, let last = first.names.last else { break }
            start = Self.behind(last)
        }
        work.end()
        return count
    }

    /// The next name there can be.
    private static func behind(_ name: String) -> String { name + "\u{1}" }

    private func pages(from start: String, in database: any Database, knowing proven: Proven) async throws -> Batch {
        try await database.read { [links] tx in
            // Whatever stands in the list, also quarantined projects, which it leaves out.
            let rows = try tx.execute(
                "SELECT normalized_name, last_serial FROM projects WHERE normalized_name >= \(start) ORDER BY normalized_name LIMIT \(Self.batch)"
            )
            let names = try rows.map { try $0[at: 0, as: String.self] }
            let serials = try rows.map { try $0[at: 1, as: Int64.self] }
            let reader = ProjectListReader(connection: tx)
            let entries = try names.last.map { try reader.projects(from: start, to: Self.behind($0)) } ?? []
            let index = SimpleIndex(lastSerial: try reader.lastSerial(), projects: entries)
            let pages = try zip(names, serials).map { name, serial in
                if proven.serials[name] == serial { return [UInt8]() }
                let normalized = NormalizedName(normalizing: name)
                guard let page = try SimpleListing(links: links).project(normalized, rows: tx.execute(SimpleListing.project(normalized))) else {
                    return [UInt8]()
                }
                return Array(SHA256.hash(data: page.json)) + Array(SHA256.hash(data: page.html))
            }
            return Batch(
                list: Array(SHA256.hash(data: index.json)) + Array(SHA256.hash(data: index.html)),
                names: names,
                serials: serials,
                pages: pages
            )
        }
    }
}
