package import JobQueue
import SQLDatabase

/// Looks after files that nobody has copied to where they are served: their job was lost, gave up, or found the archive damaged (index §6.2).
package struct ReconcileStorages: Job {
    package static let kind = "reconcile-storages"
    package static let priority = JobPriority.low
    /// How many files are taken at once.
    static let batch = 100
    /// How long after a look the next one follows, and how long a new file is left to its own job, in microseconds.
    static let pause: Int64 = 15 * 60 * 1_000_000
    /// How long files that were taken are kept from others, in microseconds: longer than all of them may take.
    static let lease: Int64 = 4 * 3600 * 1_000_000

    package init() {}

    package func run(in index: PackageIndex) async throws {
        guard let archive = index.archive else { return }
        while true {
            try Task.checkCancellation()
            let now = index.clock.now()
            let files = try await index.database.write { tx in
                try tx.uncopiedFiles.take(Self.batch, now: now, until: now + Self.lease).compactMap { try tx.files.named(id: $0) }
            }
            for (number, file) in files.enumerated() {
                do {
                    if try await index.copyToServed(file, from: archive) { continue }
                    try await index.putOff([file.id], until: index.clock.now() + Self.pause)
                } catch {
                    // Should it be this one file, the others are not held up by it: the next try begins with them.
                    try await index.putOff([file.id], until: index.clock.now() + Self.pause)
                    try await index.putOff(files[(number + 1)...].map(\.id), until: now)
                    throw error
                }
            }
            if files.count < Self.batch { return }
        }
    }
}

extension PackageIndex {
    /// Gives files back that were taken and not copied.
    fileprivate func putOff(_ ids: [Int64], until time: Int64) async throws {
        try await database.write { tx in
            for id in ids { try tx.execute("UPDATE uncopied_files SET look_after = \(time) WHERE file_id = \(id)") }
        }
    }
}
