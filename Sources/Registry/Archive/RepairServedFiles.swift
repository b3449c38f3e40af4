// Makes the served storage whole again.

import Backends
import SQLDatabase

/// What a repair found.
package struct RepairOutcome: Sendable {
    package internal(set) var looked = 0
    package internal(set) var copied = 0
    /// One line for each file that can not be repaired.
    package internal(set) var faults: [String] = []
}

extension PackageIndex {
    /// The last file that a repair was finished with, so that one that was stopped goes on.
    private static let position = "storage-repair"
    private static let batch = 100

    /// Reads every served file, and copies those again from the archive that are missing or damaged. It can be stopped and run again.
    ///
    /// - Throws: `StorageError`, `DatabaseError`; `CancellationError` when it was stopped.
    package func repairServedFiles(from archive: Archive, work: LongWork = LongWork()) async throws -> RepairOutcome {
        var outcome = RepairOutcome()
        let (total, start) = try await database.read { tx in
            (try tx.files.count(), try tx.execute("SELECT value FROM counters WHERE name = \(Self.position)").first?[at: 0, as: Int64.self] ?? 0)
        }
        work.begin("files", total: total)
        if start > 0 {
            work.skip(try await database.read { try $0.execute("SELECT COUNT(*) AS count FROM files WHERE id <= \(start)")[0]["count"] })
        }
        var last = start
        while true {
            try work.checkStop()
            let files = try await database.read { [last] in try $0.files.named(after: last, limit: Self.batch) }
            guard let end = files.last?.id else { break }
            for result in try await Self.some(files, width: 4, { try await self.repair($0, from: archive) }) {
                outcome.looked += 1
                switch result {
                case .whole: break
                case .copied: outcome.copied += 1
                case .fault(let fault):
                    outcome.faults.append(fault)
                    work.note(fault)
                }
                work.advance()
            }
            last = end
            try await setPosition(end)
        }
        work.end()
        try await setPosition(0)
        return outcome
    }

    private func setPosition(_ id: Int64) async throws {
        try await database.write { tx in
            try tx.execute(
                "INSERT INTO counters (name, value) VALUES (\(Self.position), \(id)) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            )
        }
    }

    private enum Repaired: Sendable {
        case whole
        case copied
        case fault(String)
    }

    private func repair(_ file: NamedFile, from archive: Archive) async throws -> Repaired {
        let copy = BlobCopy(source: archive.storage, target: storage, temporary: archive.temporary)
        var repaired = Repaired.whole
        for blob in file.blobs {
            guard let served = try await BlobCopy.fault(of: blob, in: storage, .thorough) else {
                guard let fault = try await BlobCopy.fault(of: blob, in: archive.storage, .size) else { continue }
                return .fault("in the archive \(fault)")
            }
            do {
                if let fault = try await copy.copy(blob) { return .fault("\(served), and in the archive \(fault)") }
            } catch let failure as BlobCopy.Failure {
                throw failure.error
            }
            repaired = .copied
        }
        try await database.write { try $0.uncopiedFiles.remove(file.id) }
        return repaired
    }

    /// Does the same with each of a few files, some at once.
    static func some<Result: Sendable>(
        _ files: [NamedFile],
        width: Int,
        _ body: @escaping @Sendable (NamedFile) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            var results: [Result] = []
            for (number, file) in files.enumerated() {
                if number >= width, let result = try await group.next() { results.append(result) }
                group.addTask { try await body(file) }
            }
            for try await result in group { results.append(result) }
            return results
        }
    }
}
