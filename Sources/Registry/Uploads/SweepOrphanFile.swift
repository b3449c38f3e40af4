import Backends
import FaultPoints
import JobQueue
import SQLDatabase

/// Removes the bytes of an upload that never became a file, because its process died between storing and recording it.
package struct SweepOrphanFile: Job {
    package static let kind = "sweep-orphan-file"
    /// How long an upload may take from its bytes to its row before it counts as dead, in microseconds.
    static let patience: Int64 = 3600 * 1_000_000
    /// How long newcomers wait for a sweep before it counts as dead, in microseconds. A living one has stopped long before.
    static let lease: Int64 = 60 * 1_000_000

    let path: String

    package var deduplicationKey: String? { path }

    package func run(in index: PackageIndex) async throws {
        try await index.sweepOrphanFile(path, ownHolds: 0)
    }
}

extension PackageIndex {
    /// Removes what lies at `path`, unless it became a file or another upload holds it.
    ///
    /// - Parameter ownHolds: how many of the holds are the caller's own; they are given up.
    func sweepOrphanFile(_ path: String, ownHolds: Int) async throws {
        let now = clock.now()
        let decision = try await database.write { tx in
            let decision = try tx.pendingFiles.beginSweep(path, ownHolds: ownHolds, now: now)
            switch decision {
            case .done: break
            case .remove:
                // Should this process die now, the job does the rest as soon as that is certain.
                try tx.jobs.cancel(kind: SweepOrphanFile.kind, deduplicationKey: path)
                try tx.jobs.enqueue(SweepOrphanFile(path: path), now: now, runAfter: now + SweepOrphanFile.lease)
            case .wait(let time): try tx.jobs.enqueue(SweepOrphanFile(path: path), now: now, runAfter: time)
            }
            passFaultPoint("sweep.commit")
            return decision
        }
        guard decision == .remove else { return }
        passFaultPoint("sweep.marked")
        // In the served storage too: it was the only one when the bytes were stored, if an archive came since.
        for storage in [archive?.storage, storage].compactMap({ $0 }) {
            for name in [path + ".metadata", path] {
                // Nothing may be deleted after somebody else has taken the path over.
                guard clock.now() - now < SweepOrphanFile.lease / 2 else { throw SlowSweep() }
                try await storage.delete(StoragePath(name))
            }
        }
        passFaultPoint("sweep.deleted")
        try await database.write { try $0.pendingFiles.endSweep(path, begunAt: now) }
        passFaultPoint("sweep.forgotten")
    }
}

private struct SlowSweep: Error, CustomStringConvertible {
    let description = "Removing an orphan took so long that the rest is left to a later try."
}
