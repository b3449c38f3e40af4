// Bytes from one storage to another, each of them looked at.

import Backends
import Distributions

/// Copies what rows name from one storage to another.
struct BlobCopy: Sendable {
    /// Up to so many bytes go through memory, more through a file.
    private static let small: Int64 = 1 << 20

    let source: any FileStorage
    let target: any FileStorage
    let temporary: TemporaryFiles

    /// Which of the two storages failed.
    struct Failure: Error, CustomStringConvertible {
        enum Side: Sendable, Hashable { case source, target }

        let side: Side
        let error: StorageError
        var description: String { "\(error)" }
    }

    /// Copies bytes that match their row, and replaces damaged ones at the target.
    ///
    /// - Parameters:
    ///   - origin: where they lie at the source, if not where the row says.
    ///   - place: where they are to lie at the target, if not where the row says.
    /// - Returns: what is wrong with the source's bytes, which were then not stored; `nil` for nothing.
    /// - Throws: ``Failure``, `CancellationError`.
    func copy(_ blob: Blob, from origin: StoragePath? = nil, to place: StoragePath? = nil) async throws -> Blob.Fault? {
        let content: Content
        do {
            content = try await read(blob, at: origin ?? blob.path)
        } catch let fault as Blob.Fault {
            return fault
        } catch let error as StorageError {
            try Task.checkCancellation()
            throw Failure(side: .source, error: error)
        }
        do {
            try await store(content, at: place ?? blob.path)
        } catch let error as StorageError {
            try Task.checkCancellation()
            throw Failure(side: .target, error: error)
        }
        return nil
    }

    private enum Content {
        case bytes([UInt8])
        case file(TemporaryFile)
    }

    /// - Throws: `StorageError`; what is wrong with the bytes.
    private func read(_ blob: Blob, at path: StoragePath) async throws -> Content {
        guard let file = try await Self.open(path, in: source) else { throw Blob.Fault.missing(blob.path) }
        if let fault = blob.fault(size: file.size) { throw fault }
        if file.size <= Self.small {
            let bytes = try await file.read(at: 0, count: Int(file.size))
            if let fault = blob.fault(Digests(of: bytes)) { throw fault }
            return .bytes(bytes)
        }
        let copy = try temporary.make()
        var state = DigestState()
        for try await piece in file.chunks() {
            state.update(piece)
            try copy.write(piece[...])
        }
        if let fault = blob.fault(state.finalize()) { throw fault }
        return .file(copy)
    }

    /// - Returns: `nil` when there is none.
    private static func open(_ path: StoragePath, in storage: any FileStorage) async throws -> StoredFile? {
        do {
            return try await storage.open(path)
        } catch let error as StorageError {
            if error.isNotFound { return nil }
            throw error
        }
    }

    private func store(_ content: Content, at path: StoragePath) async throws {
        func put() async throws(StorageError) {
            switch content {
            case .bytes(let bytes): try await target.put(bytes, at: path)
            case .file(let file): try await target.put(fileAt: file.path, at: path)
            }
        }
        do {
            try await put()
        } catch let error as StorageError {
            if !error.isConflict { throw error }
            // Paths hold the hash of what lies there: other bytes at the same path are damage.
            try await target.delete(path)
            try await put()
        }
    }

    /// How a storage is asked what it has.
    enum Look: Sendable, Hashable {
        /// Every byte is read.
        case thorough
        /// A hash that the storage keeps beside a file counts.
        case quick
        /// Whether it is there, and as long as it should be.
        case size
    }

    /// - Parameter place: where they lie, if not where the row says.
    /// - Returns: what is wrong with bytes in a storage; `nil` for nothing.
    /// - Throws: `StorageError` when it does not say.
    static func fault(of blob: Blob, at place: StoragePath? = nil, in storage: any FileStorage, _ look: Look) async throws -> Blob.Fault? {
        let path = place ?? blob.path
        if look != .thorough {
            guard let kept = try await kept(path, in: storage) else { return .missing(blob.path) }
            if look == .size || kept.sha256 != nil { return blob.fault(size: kept.size, sha256: look == .size ? nil : kept.sha256) }
        }
        guard let file = try await open(path, in: storage) else { return .missing(blob.path) }
        if let fault = blob.fault(size: file.size) { return fault }
        var state = DigestState()
        for try await piece in file.chunks() { state.update(piece) }
        return blob.fault(state.finalize())
    }

    /// - Returns: `nil` when there is no such file.
    private static func kept(_ path: StoragePath, in storage: any FileStorage) async throws -> (size: Int64, sha256: String?)? {
        do {
            return try await storage.keptDigest(of: path)
        } catch let error as StorageError {
            if error.isNotFound { return nil }
            throw error
        }
    }
}
