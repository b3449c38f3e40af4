import Backends
import Distributions
import FaultPoints
import JobQueue
import Logging
import SQLDatabase

/// A file whose bytes are safe, waiting for the row that makes it visible.
struct StoredUpload: Sendable {
    let path: String
    let digests: Digests
    /// Of the `.metadata` beside a wheel.
    let metadata: Digests?
}

// Step 32 of index §2.3, first half: bytes before rows.
extension PackageIndex {
    /// Stores the file and its metadata, then runs `record`; when that fails, takes them away again.
    func withStoredFile<Recorded>(
        _ upload: CheckedUpload,
        _ digests: Digests,
        record: (StoredUpload) async throws -> Recorded
    ) async throws -> Recorded {
        let form = upload.form
        guard let localPath = form.content.localPath else { throw Rejection(.unavailable, "The file could not be kept; try again.") }
        let path = Self.storagePath(digests, form.filename)
        try await hold(path)
        do {
            try await truth.put(fileAt: localPath, at: StoragePath(path))
            if let metadata = upload.inspection.metadata { try await truth.put(metadata, at: StoragePath(path + ".metadata")) }
            return try await record(StoredUpload(path: path, digests: digests, metadata: upload.inspection.metadata.map { Digests(of: $0) }))
        } catch {
            // What goes wrong here is left to the job that was enqueued with the hold.
            do {
                try await sweepOrphanFile(path, ownHolds: 1)
            } catch {
                logger.warning("A file of a refused upload was left for the sweep.", metadata: ["error": "\(error)"])
            }
            guard let error = error as? StorageError else { throw error }
            logger.error("An upload could not be stored.", metadata: ["error": "\(error)"])
            throw Rejection(
                .unavailable,
                error == .full
                    ? "The index's storage is full: nothing was published." : "The index's storage failed: nothing was published; try again later."
            )
        }
    }

    /// Where a file lies: under the hash of its content (index §6.1).
    static func storagePath(_ digests: Digests, _ filename: String) -> String {
        let hash = digests.blake2b256
        return "\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash.dropFirst(4))/\(filename)"
    }

    private func hold(_ path: String) async throws {
        for _ in 0..<50 {
            let now = clock.now()
            let isHeld = try await database.write { tx in
                guard try tx.pendingFiles.hold(path, now: now) else { return false }
                try tx.jobs.enqueue(SweepOrphanFile(path: path), now: now, runAfter: now + SweepOrphanFile.patience)
                passFaultPoint("hold.commit")
                return true
            }
            passFaultPoint("hold.committed")
            if isHeld { return }
            // Somebody is just removing an orphan of the same content: it takes milliseconds.
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Rejection(.unavailable, "What an earlier upload of this file left is being removed; try again in a minute.")
    }
}
