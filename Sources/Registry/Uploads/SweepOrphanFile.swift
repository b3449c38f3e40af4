import Backends
import JobQueue
import SQLDatabase

/// Removes the bytes of an upload that never became a file, because its process died between storing and recording it.
package struct SweepOrphanFile: Job {
    package static let kind = "sweep-orphan-file"
    /// How long an upload may take from its bytes to its row before it counts as dead, in microseconds.
    static let patience: Int64 = 3600 * 1_000_000

    let path: String

    package var deduplicationKey: String? { path }

    package func run(in index: PackageIndex) async throws {
        try await index.sweepOrphanFile(path, ownHolds: 0)
    }
}

extension PackageIndex {
    /// Removes what lies at `path`, unless it became a file or another upload holds it.
    ///
    /// - Parameter ownHolds: how many of the holds are the caller's own.
    func sweepOrphanFile(_ path: String, ownHolds: Int) async throws {
        let heldBefore = clock.now() - SweepOrphanFile.patience
        let mayRemove = try await database.write { tx in
            if try tx.pendingFiles.beginSweep(path, heldBefore: heldBefore, ownHolds: ownHolds) { return true }
            if ownHolds > 0 { try tx.pendingFiles.release(path) }
            return false
        }
        guard mayRemove else { return }
        try await storage.delete(StoragePath(path + ".metadata"))
        try await storage.delete(StoragePath(path))
        try await database.write { tx in
            try tx.pendingFiles.forget(path)
            try tx.jobs.cancel(kind: SweepOrphanFile.kind, deduplicationKey: path)
        }
    }
}
