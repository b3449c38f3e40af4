// Bytes from one storage to another, each of them looked at.

package import Backends
import Crypto

/// Copies what rows name from one storage to another.
struct CheckedCopy: Sendable {
    /// Up to so many bytes go through memory, more through a file.
    private static let small: Int64 = 1 << 20

    let source: any FileStorage
    let target: any FileStorage
    let temporary: TemporaryFiles

    /// Which of the two storages failed.
    struct Failure: Error {
        enum Side: Sendable, Hashable { case source, target }

        let side: Side
        let error: StorageError
    }

    /// Copies bytes that match their row, and replaces damaged ones at the target.
    ///
    /// - Returns: what is wrong with the source's bytes, which were then not stored; `nil` for nothing.
    /// - Throws: ``Failure``, `CancellationError`.
    func copy(_ bytes: NamedBytes) async throws -> NamedBytes.Fault? {
        let content: Content
        do {
            content = try await read(bytes)
        } catch let fault as NamedBytes.Fault {
            return fault
        } catch let error as StorageError {
            try Task.checkCancellation()
            throw Failure(side: .source, error: error)
        }
        do {
            try await store(content, at: bytes.path)
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
    private func read(_ bytes: NamedBytes) async throws -> Content {
        guard let file = try await Self.open(bytes.path, in: source) else { throw NamedBytes.Fault.missing(bytes.path) }
        if let fault = bytes.fault(size: file.size, sha256: nil) { throw fault }
        if file.size <= Self.small {
            let content = try await file.read(at: 0, count: Int(file.size))
            if let fault = bytes.fault(size: file.size, sha256: Self.text(SHA256.hash(data: content))) { throw fault }
            return .bytes(content)
        }
        let copy = try temporary.make()
        var hash = SHA256()
        for try await piece in file.chunks() {
            hash.update(data: piece)
            try copy.write(piece[...])
        }
        if let fault = bytes.fault(size: file.size, sha256: Self.text(hash.finalize())) { throw fault }
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

    /// - Returns: what is wrong with bytes in a storage; `nil` for nothing.
    /// - Throws: `StorageError` when it does not say.
    static func fault(of bytes: NamedBytes, in storage: any FileStorage, _ look: Look) async throws -> NamedBytes.Fault? {
        if look != .thorough {
            guard let kept = try await kept(bytes.path, in: storage) else { return .missing(bytes.path) }
            if look == .size || kept.sha256 != nil { return bytes.fault(size: kept.size, sha256: look == .size ? nil : kept.sha256) }
        }
        guard let file = try await open(bytes.path, in: storage) else { return .missing(bytes.path) }
        if let fault = bytes.fault(size: file.size, sha256: nil) { return fault }
        var hash = SHA256()
        for try await piece in file.chunks() { hash.update(data: piece) }
        return bytes.fault(size: file.size, sha256: text(hash.finalize()))
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

    private static func text(_ digest: SHA256.Digest) -> String {
        digest.withUnsafeBytes { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    }
}
