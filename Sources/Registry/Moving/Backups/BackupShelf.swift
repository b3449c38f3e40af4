// Where backups lie.

package import Backends
import Crypto
import Distributions
import Foundation

/// The backups of one index in a storage. They share its files:
///
///     emporium-backup.json            whose backups these are
///     files/…                         under the paths that they have in the index
///     backups/ID/begun                a backup that is being made, or was never finished
///     backups/ID/rows, blobs
///     backups/ID/manifest.json
package struct BackupShelf: Sendable {
    package let storage: any FileStorage

    package init(_ storage: any FileStorage) { self.storage = storage }

    private struct Label: Codable {
        let format: Int
        let index: String
    }

    static func place(of blob: Blob) throws -> StoragePath { try StoragePath("files/\(blob.path)") }
    static func part(_ id: String, _ name: String) throws -> StoragePath { try StoragePath("backups/\(id)/\(name)") }

    /// The identity of the index that the backups are of; `nil` when there never were any.
    ///
    /// - Throws: `StorageError`, ``BackupFault``.
    package func identity() async throws -> String? {
        do {
            let bytes = try await storage.bytes(at: StoragePath("emporium-backup.json"), limit: 1 << 16)
            guard let label = try? JSONDecoder().decode(Label.self, from: Data(bytes)) else { throw BackupFault("emporium-backup.json is damaged") }
            guard label.format == BackupManifest.format else { throw BackupFault("it was made by a newer version of Emporium") }
            return label.index
        } catch let error as StorageError {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    /// Takes the storage for an index.
    ///
    /// - Throws: ``BackupFault`` when it is another's.
    func claim(_ index: String) async throws {
        if let owner = try await identity() {
            guard owner == index else { throw BackupFault("it holds the backups of another index") }
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            try await storage.put(
                Array(try encoder.encode(Label(format: BackupManifest.format, index: index))),
                at: StoragePath("emporium-backup.json")
            )
        } catch let error as StorageError {
            guard case .conflict = error else { throw error }
            throw BackupFault("it holds the backups of another index")
        }
    }

    /// Every finished backup, oldest first.
    ///
    /// - Throws: `StorageError`; ``BackupFault`` when a manifest can not be read.
    package func manifests() async throws -> [BackupManifest] {
        var manifests: [BackupManifest] = []
        for path in try await storage.list(prefix: "backups/") where path.text.hasSuffix("/manifest.json") {
            let bytes = try await storage.bytes(at: path, limit: 256 << 20)
            guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(bytes)) else {
                throw BackupFault("\(path) is damaged")
            }
            guard manifest.format == BackupManifest.format else { throw BackupFault("\(path) was made by a newer version of Emporium") }
            manifests.append(manifest)
        }
        return manifests.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// - Parameter id: `nil` for the newest.
    package func manifest(_ id: String?) async throws -> BackupManifest {
        let all = try await manifests()
        guard let id else {
            guard let newest = all.last else { throw BackupFault("there is no finished backup in it") }
            return newest
        }
        guard let found = all.first(where: { $0.id == id }) else {
            throw BackupFault("it has no backup \(id); it has \(all.isEmpty ? "none" : all.map(\.id).joined(separator: ", "))")
        }
        return found
    }

    /// Brings a part of a backup to a local file.
    ///
    /// - Throws: ``BackupFault`` when it is not what the manifest says.
    func fetch(_ part: BackupManifest.Part, to localPath: String) async throws {
        guard FileManager.default.createFile(atPath: localPath, contents: nil, attributes: [.posixPermissions: 0o600]),
            let output = FileHandle(forWritingAtPath: localPath)
        else { throw BackupFault("the file \(localPath) can not be made") }
        defer { try? output.close() }
        var hash = SHA256()
        let file: StoredFile
        do {
            file = try await storage.open(StoragePath(part.path))
        } catch let error as StorageError {
            guard case .notFound = error else { throw error }
            throw BackupFault("\(part.path) is missing")
        }
        for try await piece in file.chunks() {
            hash.update(data: piece)
            try output.write(contentsOf: piece)
        }
        let digest = RowStream.hexadecimal(hash.finalize())
        guard digest == part.sha256 else {
            var reason = "its SHA-256 is \(digest) instead of \(part.sha256)"
            // Which table suffers helps to decide what to do.
            if let fault = Self.fault(ofRows: localPath) { reason = "\(fault); \(reason)" }
            throw BackupFault("\(part.path) is damaged: \(reason)")
        }
    }

    private static func fault(ofRows path: String) -> String? {
        do {
            let reader = try RowStreamReader(path: path)
            while try reader.nextTable() != nil {}
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Stores a local file as a part of a backup.
    func store(_ localPath: String, _ id: String, _ name: String) async throws -> BackupManifest.Part {
        let path = try Self.part(id, name)
        let digests = try Digests(ofFileAt: localPath)
        try await storage.put(fileAt: localPath, at: path)
        return BackupManifest.Part(path: path.text, size: digests.size, sha256: digests.sha256)
    }
}

/// What is wrong with a backup, or with the place for it.
package struct BackupFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
