// Where the published files are kept.

/// Keeps immutable files by path. A path is written once: later writes of the same bytes succeed, of other bytes fail.
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

    /// Opens a stored file for reading. An opened file stays readable when it is deleted meanwhile.
    /// - Throws: `StorageError`: `.notFound`, `.unavailable`.
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile

    /// Deletes a file. It is no error when there is none.
    /// - Returns: whether there was one.
    @discardableResult
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool

    /// At most `limit` paths that begin with `prefix` and come after `after`, in byte order. Continue with the last one.
    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath]
}

extension FileStorage {
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
}
