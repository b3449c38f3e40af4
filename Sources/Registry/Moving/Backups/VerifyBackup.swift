// Looks at a backup without restoring it.

package import Backends
import Foundation

extension BackupShelf {
    /// Reads rows and files of backups and compares all hashes.
    ///
    /// - Parameters:
    ///   - manifests: which ones.
    ///   - sample: how many of a hundred files are read; whether they are there is asked of all.
    /// - Returns: one line for each fault.
    /// - Throws: `StorageError`; `CancellationError`.
    package func verify(_ manifests: [BackupManifest], sample: Int = 100, folder: String, work: LongWork = LongWork()) async throws -> [String] {
        _ = try TemporaryFiles(folder: folder)
        var faults: [String] = []
        func note(_ fault: String) {
            faults.append(fault)
            work.note(fault)
        }
        let present = Set(try await storage.list(prefix: "files/").map(\.text))
        // A file that several backups share is looked at once.
        let looked = LookedAt()
        for manifest in manifests {
            let base = "\(folder)/verify-\(UUID().uuidString)"
            let (rows, list) = ("\(base).rows", "\(base).blobs")
            defer { for path in [rows, list] { try? FileManager.default.removeItem(atPath: path) } }
            for fault in manifest.faults { note("\(manifest.id): \(fault) (it was when the backup was made)") }
            do {
                try await fetch(manifest.rows, to: rows)
                let reader = try RowStreamReader(path: rows)
                while try reader.nextTable() != nil { try work.checkStop() }
                if reader.tables != manifest.tables { note("\(manifest.id): the manifest does not say what its rows are") }
            } catch let fault as BackupFault {
                note("\(fault)")
            } catch let fault as RowStreamFault {
                note("\(manifest.rows.path): \(fault)")
            }
            do {
                try await fetch(manifest.blobs, to: list)
            } catch let fault as BackupFault {
                note("\(fault)")
                continue
            }
            let known = Set(manifest.faults.map { $0.prefix { $0 != " " } })
            work.begin("files", total: manifest.blobCount)
            faults += try await BlobWork(work: work).run { add in
                try await Blob.each(inList: list) { blob in
                    if !known.contains(blob.path.text[...]), looked.isFirst(blob.path.text) { try await add(blob) } else { work.skip() }
                }
            } each: { [storage] blob in
                let path = try BackupShelf.place(of: blob)
                guard present.contains(path.text) else { return "\(manifest.id): \(blob.path) is missing" }
                guard Int.random(in: 0..<100) < sample else { return nil }
                return try await BlobCopy.fault(of: blob, at: path, in: storage, .thorough).map { "\(manifest.id): \($0)" }
            }
            work.end()
        }
        return faults
    }
}
