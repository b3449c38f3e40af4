// Whether the index holds what it says it holds.

import Backends
import Foundation
import Packaging
package import SQLDatabase

extension PackageIndex {
    /// Checks the database itself, every stored file against its row, and every page against the rows it is made of.
    ///
    /// - Parameter sample: how many of a hundred files are read; whether they are there, and as long as they should be, is asked of all.
    /// - Returns: one line for each fault.
    /// - Throws: `StorageError`, `DatabaseError`; `CancellationError`.
    package func verify(sample: Int = 100, folder: String, work: LongWork = LongWork()) async throws -> [String] {
        _ = try TemporaryFiles(folder: folder)
        let rows = "\(folder)/verify-\(UUID().uuidString).rows"
        defer { try? FileManager.default.removeItem(atPath: rows) }
        var faults = try await databaseFaults()
        for fault in faults { work.note(fault) }
        // Every value of every table is read and has the type of its column, or this throws.
        let snapshot = try await RowSnapshot.take(of: engine, into: rows, work: work)

        let metadata: Int = try await engine.query("SELECT COUNT(*) AS n FROM files WHERE metadata_sha256 IS NOT NULL")[0][at: 0]
        work.begin("files", total: snapshot.count(of: "files") + metadata)
        faults += try await BlobWork(work: work).run { add in
            try await Blob.each(inRows: rows) { for blob in $0 { try await add(blob) } }
        } each: { [storage = truth] blob in
            try await BlobCopy.fault(of: blob, in: storage, Int.random(in: 0..<100) < sample ? .thorough : .size).map { "\($0)" }
        }
        work.end()
        return faults + (try await pageFaults(projects: snapshot.count(of: "projects"), work))
    }

    // MARK: The database

    private func databaseFaults() async throws -> [String] {
        try await engine.read { tx in
            var faults: [String] = []
            if tx.dialect == .sqlite {
                let lines = try tx.execute("PRAGMA integrity_check").map { try $0[at: 0, as: String.self] }
                faults += lines.filter { $0 != "ok" }.map { "the database: \($0)" }
            }
            for shape in try TableShape.all(tx) {
                for reference in shape.references {
                    let pairs = zip(reference.columns, reference.targets)
                    let same = pairs.map { "c.\($0) = p.\($1)" }.joined(separator: " AND ")
                    let given = reference.columns.map { "c.\($0) IS NOT NULL" }.joined(separator: " AND ")
                    let count: Int = try tx.execute(
                        SQL(
                            trusting:
                                "SELECT COUNT(*) FROM \(shape.name) c WHERE \(given) AND NOT EXISTS (SELECT 1 FROM \(reference.table) p WHERE \(same))"
                        )
                    )[0][at: 0]
                    if count > 0 { faults.append("the table \(shape.name): \(count) rows refer to rows of \(reference.table) that are not there") }
                }
            }
            for row in try tx.execute("SELECT f.filename FROM files f WHERE NOT EXISTS (SELECT 1 FROM filenames n WHERE n.filename = f.filename)") {
                faults.append("the name \(try row[at: 0, as: String.self]) is in use and not taken")
            }
            let sizes = try tx.execute(
                """
                SELECT p.normalized_name FROM projects p
                WHERE p.total_size <> (SELECT COALESCE(SUM(f.size), 0) FROM files f WHERE f.project_id = p.id)
                """
            )
            for row in sizes { faults.append("the project \(try row[at: 0, as: String.self]): its size is not that of its files") }
            let serials = try tx.execute(
                """
                SELECT p.normalized_name FROM projects p
                WHERE p.last_serial > (SELECT value FROM counters WHERE name = 'serial')
                """
            )
            for row in serials { faults.append("the project \(try row[at: 0, as: String.self]): its serial is from the future") }
            return faults
        }
    }

    // MARK: Pages

    private func pageFaults(projects total: Int, _ work: LongWork) async throws -> [String] {
        work.begin("pages", total: total)
        var faults: [String] = []
        var start = ""
        while true {
            try work.checkStop()
            let (names, found) = try await engine.read { [start, links] tx in
                let names = try tx.execute(
                    "SELECT normalized_name FROM projects WHERE normalized_name > \(start) ORDER BY normalized_name LIMIT 100"
                ).map { try $0[at: 0, as: String.self] }
                return (names, try names.compactMap { try Self.pageFault(of: $0, links, tx) })
            }
            for fault in found { work.note(fault) }
            faults += found
            work.advance(by: names.count)
            guard let last = names.last else { break }
            start = last
        }
        work.end()
        return faults
    }

    /// The pages of a project list what its rows say, asked in another way than the pages ask.
    private static func pageFault(of name: String, _ links: Links, _ tx: any Connection) throws -> String? {
        let normalized = NormalizedName(normalizing: name)
        guard let page = try SimpleListing(links: links).project(normalized, rows: tx.execute(SimpleListing.project(normalized))) else {
            return "the project \(name) has no page"
        }
        let isQuarantined = try !tx.execute(
            "SELECT 1 AS found FROM projects WHERE normalized_name = \(name) AND lifecycle_status = 'quarantine-enter'"
        ).isEmpty
        let stored = try tx.execute(
            """
            SELECT f.filename, f.sha256, f.size FROM files f WHERE f.project_id = (SELECT id FROM projects WHERE normalized_name = \(name))
                AND f.release_id NOT IN (SELECT id FROM releases WHERE status = 'quarantine-enter')
            """
        ).map { "\(try $0[at: 0, as: String.self]) \(try $0[at: 1, as: String.self]) \(try $0[at: 2, as: Int64.self])" }
        struct Listed: Decodable {
            struct File: Decodable {
                let filename: String
                let hashes: [String: String]
                let size: Int64
            }

            let files: [File]
        }
        guard let listed = try? JSONDecoder().decode(Listed.self, from: Data(page.json)) else { return "the JSON page of \(name) can not be read" }
        let files = listed.files.map { "\($0.filename) \($0.hashes["sha256"] ?? "-") \($0.size)" }
        guard Set(files) == (isQuarantined ? [] : Set(stored)), files.count == Set(files).count else {
            return "the JSON page of \(name) does not list its files"
        }
        let mark = "#sha256="
        let hashes = String(decoding: page.html, as: UTF8.self).components(separatedBy: mark).dropFirst().map { String($0.prefix(64)) }
        return hashes == listed.files.map { $0.hashes["sha256"] ?? "-" } ? nil : "the HTML page of \(name) does not list the files of its JSON page"
    }
}
