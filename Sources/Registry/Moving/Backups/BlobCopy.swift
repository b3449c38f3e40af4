import Backends
import Distributions

/// Copies stored bytes from one storage to another, and looks at each byte on its way.
struct BlobCopy: Sendable {
    /// Up to so many bytes go through memory, more through a file.
    private static let small: Int64 = 1 << 20

    let source: any FileStorage
    let target: any FileStorage
    let temporary: TemporaryFiles

    /// - Returns: what is wrong with the source's bytes, which were then not stored; `nil` for nothing.
    /// - Throws: `StorageError` when a storage does not work.
    func copy(_ blob: Blob, from origin: StoragePath, to path: StoragePath) async throws -> String? {
        let file: StoredFile
        do {
            file = try await source.open(origin)
        } catch let error as StorageError {
            guard case .notFound = error else { throw error }
            return "\(blob.path) is missing"
        }
        if let size = blob.size, file.size != size { return "\(blob.path) has \(file.size) bytes instead of \(size)" }
        if file.size <= Self.small {
            let bytes = try await file.read(at: 0, count: Int(file.size))
            if let fault = Self.fault(Digests(of: bytes), blob) { return fault }
            try await replacing(path) { try await target.put(bytes, at: path) }
            return nil
        }
        let copy = try temporary.make()
        defer { copy.remove() }
        var state = DigestState()
        for try await piece in file.chunks() {
            state.update(piece)
            try copy.write(piece[...])
        }
        if let fault = Self.fault(state.finalize(), blob) { return fault }
        try await replacing(path) { try await target.put(fileAt: copy.path, at: path) }
        return nil
    }

    /// Paths hold the hash of what lies there: other bytes at the same path are damage.
    private func replacing(_ path: StoragePath, _ put: () async throws -> Void) async throws {
        do {
            try await put()
        } catch let error as StorageError {
            guard case .conflict = error else { throw error }
            try await target.delete(path)
            try await put()
        }
    }

    /// - Returns: what is wrong with the bytes; `nil` for nothing.
    static func fault(_ digests: Digests, _ blob: Blob) -> String? {
        if let size = blob.size, digests.size != size { return "\(blob.path) has \(digests.size) bytes instead of \(size)" }
        if digests.sha256 != blob.sha256 { return "\(blob.path) is damaged: its SHA-256 is \(digests.sha256) instead of \(blob.sha256)" }
        if digests.blake2b256 != blob.blake2b256 { return "\(blob.path) is damaged: its BLAKE2b is not what its row says" }
        return nil
    }

    /// Reads what is stored at `path` and compares it.
    ///
    /// - Returns: what is wrong with it; `nil` for nothing.
    static func fault(of blob: Blob, at path: StoragePath, in storage: any FileStorage) async throws -> String? {
        do {
            let file = try await storage.open(path)
            if let size = blob.size, file.size != size { return "\(blob.path) has \(file.size) bytes instead of \(size)" }
            var state = DigestState()
            for try await piece in file.chunks() { state.update(piece) }
            return fault(state.finalize(), blob)
        } catch let error as StorageError {
            guard case .notFound = error else { throw error }
            return "\(blob.path) is missing"
        }
    }
}
