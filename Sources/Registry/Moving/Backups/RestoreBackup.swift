// Brings a backup into an empty place.

package import Backends
import Foundation
import SQLDatabase

/// What was restored.
package struct RestoreOutcome: Sendable {
    package let manifest: BackupManifest
    /// Files that were copied; all others were there.
    package let copied: Int
    /// What is missing or damaged in the backup.
    package let faults: [String]
}

extension PackageIndex {
    /// Makes this index, whose database must be empty, what a backup says. It can be stopped and begun again; until it is done nobody can write.
    ///
    /// - Parameters:
    ///   - generation: which backup; `nil` for the newest.
    ///   - acceptsOtherKey: whether it may be another secret key, to which all tokens are dead.
    /// - Throws: ``BackupFault``, ``RowStreamFault``, `StorageError`, `DatabaseError`; `CancellationError` when it was stopped.
    package func restore(
        from storage: any FileStorage,
        generation: String? = nil,
        acceptsOtherKey: Bool = false,
        folder: String,
        work: LongWork = LongWork()
    ) async throws -> RestoreOutcome {
        let shelf = BackupShelf(storage)
        let manifest = try await shelf.manifest(generation)
        if manifest.secretKeyFingerprint != secrets.indexID, !acceptsOtherKey {
            throw BackupFault(
                "this is another secret key than that of the index which was saved: no API token of it would work. Set the right EMPORIUM_SECRET_KEY (or file secret-key), or say --new-key"
            )
        }
        let temporary = try TemporaryFiles(folder: folder)
        let base = "\(folder)/restore-\(UUID().uuidString)"
        let (rows, list) = ("\(base).rows", "\(base).blobs")
        defer { for path in [rows, list] { try? FileManager.default.removeItem(atPath: path) } }
        // Before anything is changed: a damaged backup changes nothing.
        try await shelf.fetch(manifest.rows, to: rows)
        try await shelf.fetch(manifest.blobs, to: list)

        let landing = Landing(database: engine, index: manifest.index, now: clock.now())
        // Nothing is taken from an index that lives here.
        try await landing.refuseOthersIfAny()
        try await takeStorages(for: manifest.index)
        try await landing.prepare(schemaVersion: manifest.schemaVersion)
        let arrived = try await RowArrival(engine, work: work).take(rows)
        guard arrived.tables == manifest.tables else { throw BackupFault("the rows in the database are not those of the backup") }

        work.begin("files", total: manifest.blobCount)
        let copy = BlobCopy(source: storage, target: truth, temporary: temporary)
        let copied = Counter()
        let lost = Set(manifest.faults.map { $0.prefix { $0 != " " } })
        let faults = try await BlobWork(work: work).run { add in
            try await Blob.each(inList: list) { try await add($0) }
        } each: { blob in
            do {
                let size = try await truth.size(of: blob.path)
                if blob.size == nil || size == blob.size { return nil }
            } catch let error as StorageError {
                guard case .notFound = error else { throw error }
            }
            let fault = try await copy.copy(blob, from: BackupShelf.place(of: blob)).map { "\($0)" }
            if fault == nil { copied.add() }
            return fault.map { lost.contains(blob.path.text[...]) ? "\($0) (it was when the backup was made)" : $0 }
        }
        work.end()
        try await landing.open()
        return RestoreOutcome(manifest: manifest, copied: copied.value, faults: faults)
    }

    /// The storages are the saved index's from now on, as this one is. They may have been taken for the empty index that was here before.
    private func takeStorages(for identity: String) async throws {
        // A database without a schema has none.
        let before: String? = (try? await engine.query("SELECT id FROM index_identity"))?.first.flatMap { try? $0[at: 0] }
        for storage in [archive?.storage, storage].compactMap({ $0 }) {
            do {
                if let before { try await StorageOwner.release(storage, of: before) }
                try await StorageOwner.claim(storage, for: identity)
            } catch let taken as StorageOwner.Taken {
                throw BackupFault("the storage that it would go to belongs to another index (\(taken.owner))")
            }
        }
    }
}
