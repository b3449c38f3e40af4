// Where the published files are kept.

/// Keeps immutable files by path. A path is written once: later writes of the same bytes succeed, of other bytes fail. Nobody may want one path to be
/// the folder of another: a disk refuses that, an object store has no folders.
///
/// When `put` returns, the file survives a crash of the process and of the machine.
public protocol FileStorage: Sendable {
    /// Stores a file that lies on the local disk. It may share its blocks with the stored file from then on: the caller may remove it, but never write to it again.
    /// - Throws: `StorageError`: `.conflict`, `.full`, `.unavailable`.
    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError)

    /// Stores bytes.
    /// - Throws: `StorageError`: `.conflict`, `.full`, `.unavailable`.
    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError)

    /// Length of the stored file in bytes.
    /// - Throws: `StorageError`: `.notFound`, `.unavailable`.
    func size(of path: StoragePath) async throws(StorageError) -> Int64

    /// Length of the stored file, and the SHA-256 (lower-case hexadecimal digits) that was kept with it when it was stored: `nil` where none is kept, or
    /// where reading the file would say no less.
    /// - Throws: `StorageError`: `.notFound`, `.unavailable`.
    func keptDigest(of path: StoragePath) async throws(StorageError) -> (size: Int64, sha256: String?)

    /// Opens a stored file for reading. When it is deleted meanwhile, an opened file on a disk stays readable; of an object store's, reading on fails with
    /// `.notFound`. Never are two contents mixed.
    /// - Throws: `StorageError`: `.notFound`, `.unavailable`.
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile

    /// Deletes a file. It is no error when there is none.
    /// - Returns: whether there was one.
    @discardableResult
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool

    /// At most `limit` paths that begin with `prefix` and come after `after`, in byte order. Continue with the last one.
    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath]

    /// How far the storage's clock is ahead; `nil` where it is this machine's, or does not say.
    /// - Throws: `StorageError`: `.unavailable`.
    func clockDifference() async throws(StorageError) -> ClockDifference?

    /// A URL that anyone may GET the file from, without a login, until `lifetime` has passed; `nil` from a storage that nobody else can reach. Asks nobody,
    /// so the file may be missing.
    /// - Parameter contentType: what the answer is to say of its type.
    func downloadURL(for path: StoragePath, contentType: String, validFor lifetime: Duration) -> String?
}

extension FileStorage {
    public func clockDifference() async throws(StorageError) -> ClockDifference? { nil }

    public func downloadURL(for path: StoragePath, contentType: String, validFor lifetime: Duration) -> String? { nil }

    public func keptDigest(of path: StoragePath) async throws(StorageError) -> (size: Int64, sha256: String?) { (try await size(of: path), nil) }

    /// Every path that begins with `prefix`, in byte order. For small storages and tests.
    public func list(prefix: String = "") async throws(StorageError) -> [StoragePath] {
        var paths: [StoragePath] = []
        while true {
            let page = try await list(prefix: prefix, after: paths.last, limit: 1000)
            paths += page
            if page.count < 1000 { return paths }
        }
    }

    /// The whole content of a file that is known to be small.
    /// - Throws: `StorageError`; `.unavailable` when it has more than `limit` bytes.
    public func bytes(at path: StoragePath, limit: Int) async throws(StorageError) -> [UInt8] {
        let file = try await open(path)
        guard file.size <= Int64(limit) else { throw .unavailable("\(path) has more than \(limit) bytes") }
        return try await file.read(at: 0, count: Int(file.size))
    }

    /// Stores a small file under a name of its own, tries to replace it, and deletes it.
    /// - Throws: `StorageError` of what failed; `.unavailable` when a stored file could be replaced.
    public func tryOut() async throws(StorageError) {
        let name = "emporium-check-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        guard let path = try? StoragePath(name) else { return }
        try await put(Array(name.utf8), at: path)
        var refusal: StorageError?
        do {
            try await put(Array("another".utf8), at: path)
        } catch {
            refusal = error
        }
        try await delete(path)
        guard let refusal else { throw .unavailable("a stored file can be replaced: what is published would not be safe") }
        if case .conflict = refusal { return }
        throw refusal
    }
}
