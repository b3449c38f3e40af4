// Makes a backup of the running index.

package import Backends
import Foundation

/// What a backup took.
package struct BackupOutcome: Sendable {
    package let manifest: BackupManifest
    /// Files that were sent; all others were there.
    package let sent: Int
}

extension PackageIndex {
    /// Saves the rows as they are at one moment, then every file that they name and that the target has not yet. Files are never changed and stay a while after
    /// they were deleted, so that what the rows name can still be found.
    ///
    /// - Parameter folder: where temporary files may lie.
    /// - Returns: what was saved; ``BackupManifest/faults`` says which files of the index are missing or damaged.
    /// - Throws: ``BackupFault``, `StorageError`, `DatabaseError`; `CancellationError` when it was stopped.
    package func backUp(to storage: any FileStorage, folder: String, work: LongWork = LongWork()) async throws -> BackupOutcome {
        let shelf = BackupShelf(storage)
        try await shelf.claim(try await identity())
        let temporary = try TemporaryFiles(folder: folder)
        let base = "\(folder)/backup-\(UUID().uuidString)"
        let (rows, list) = ("\(base).rows", "\(base).blobs")
        defer { for path in [rows, list] { try? FileManager.default.removeItem(atPath: path) } }
        let known = try await shelf.knownBlobs(folder: base)

        let createdAt = clock.now()
        let id = Self.backupID(createdAt)
        try await storage.put(Array("\(try await identity())\n".utf8), at: BackupShelf.part(id, "begun"))
        let snapshot = try await RowSnapshot.take(of: engine, into: rows, work: work)
        let (count, bytes) = try await Self.writeList(of: rows, to: list)

        work.begin("files", total: count)
        let copy = BlobCopy(source: truth, target: storage, temporary: temporary)
        let present = Set(try await storage.list(prefix: "files/").map(\.text))
        let sent = Counter()
        let faults = try await BlobWork(work: work).run { add in
            try await Blob.each(inList: list) { try await add($0) }
        } each: { blob in
            let path = try BackupShelf.place(of: blob)
            // An earlier backup was finished with it, or its size is asked for.
            if present.contains(path.text) {
                if let size = blob.size {
                    let there = if known[blob.path.text] == size { size } else { try await storage.size(of: path) }
                    if there == size { return nil }
                } else {
                    return nil
                }
            }
            let fault = try await copy.copy(blob, to: path).map { "\($0)" }
            if fault == nil { sent.add() }
            return fault
        }
        work.end()

        let manifest = BackupManifest(
            format: BackupManifest.format,
            id: id,
            index: snapshot.identity,
            schemaVersion: snapshot.schemaVersion,
            createdAt: createdAt,
            lastSerial: snapshot.lastSerial,
            tables: snapshot.tables,
            rows: try await shelf.store(rows, id, "rows"),
            blobs: try await shelf.store(list, id, "blobs"),
            blobCount: count,
            blobBytes: bytes,
            secretKeyFingerprint: secrets.indexID,
            faults: faults.sorted()
        )
        try await storage.put(manifest.json(), at: BackupShelf.part(id, "manifest.json"))
        try await storage.delete(BackupShelf.part(id, "begun"))
        return BackupOutcome(manifest: manifest, sent: sent.value)
    }

    private static func writeList(of rows: String, to list: String) async throws -> (count: Int, bytes: Int64) {
        let writer = try RowStreamWriter(path: list)
        var (count, bytes): (Int, Int64) = (0, 0)
        try writer.begin(Blob.shape)
        try await Blob.each(inRows: rows) { blobs in
            for blob in blobs {
                try writer.append(blob.row)
                count += 1
                bytes += blob.size ?? 0
            }
        }
        try writer.end()
        try writer.finish()
        return (count, bytes)
    }

    /// The time, to be read and sorted, and something that no other has.
    private static func backupID(_ time: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(time / 1_000_000))
        let text = date.formatted(.iso8601).replacing("-", with: "").replacing(":", with: "")
        let suffix = String(UInt32.random(in: .min ... .max), radix: 16)
        return "\(text)-\(String(repeating: "0", count: 8 - suffix.count))\(suffix)"
    }
}

extension BackupShelf {
    /// The sizes of the files that the newest backup was finished with.
    fileprivate func knownBlobs(folder base: String) async throws -> [String: Int64] {
        guard let newest = try await manifests().last else { return [:] }
        let path = "\(base).known"
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            try await fetch(newest.blobs, to: path)
        } catch is BackupFault {
            // Damaged: then each file is asked for its size.
            return [:]
        }
        var sizes: [String: Int64] = [:]
        try await Blob.each(inList: path) { blob in if let size = blob.size { sizes[blob.path.text] = size } }
        return sizes
    }
}
