// Files in memory, for tests.
import Glibc
import Synchronization

/// A `FileStorage` that forgets everything with the process.
public final class MemoryStorage: FileStorage {
    private struct Stored {
        let bytes: [UInt8]
        let storedAt: Int64
    }

    private let files = Mutex<[StoragePath: Stored]>([:])
    private let now: @Sendable () -> Int64

    /// - Parameter now: microseconds since 1970; what `storedAt` will say.
    public init(now: @escaping @Sendable () -> Int64 = { 0 }) { self.now = now }

    public func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        let file = try Descriptor(Glibc.open(localPath, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), doing: "open the file to be stored")
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unavailable("the file to be stored is not a regular file") }
        try await put(file.read(at: 0, count: Int(status.st_size)), at: path)
    }

    public func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {
        let isTaken = files.withLock { files in
            // A path can be a file or a folder, not both, as on a disk.
            let folders = path.text.utf8.indices.filter { path.text.utf8[$0] == UInt8(ascii: "/") }.compactMap {
                try? StoragePath(String(path.text[..<$0]))
            }
            if folders.contains(where: { files[$0] != nil }) || files.keys.contains(where: { $0.text.utf8.starts(with: "\(path.text)/".utf8) }) {
                return true
            }
            if let present = files[path] { return present.bytes != bytes }
            files[path] = Stored(bytes: bytes, storedAt: now())
            return false
        }
        if isTaken { throw .conflict(path) }
    }

    public func size(of path: StoragePath) async throws(StorageError) -> Int64 { Int64(try stored(path).bytes.count) }

    public func open(_ path: StoragePath) async throws(StorageError) -> StoredFile {
        let file = try stored(path)
        return StoredFile(size: Int64(file.bytes.count), storedAt: file.storedAt, reader: MemoryFileReader(bytes: file.bytes))
    }

    @discardableResult
    public func delete(_ path: StoragePath) async throws(StorageError) -> Bool { files.withLock { $0.removeValue(forKey: path) != nil } }

    public func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        let all = files.withLock { Array($0.keys) }
        let matching = all.filter { path in path.text.utf8.starts(with: prefix.utf8) && after.map { $0 < path } != false }
        return Array(matching.sorted().prefix(limit))
    }

    private func stored(_ path: StoragePath) throws(StorageError) -> Stored {
        guard let file = files.withLock({ $0[path] }) else { throw .notFound(path) }
        return file
    }
}

private struct MemoryFileReader: StoredFileReader {
    let bytes: [UInt8]

    func read(at offset: Int64, count: Int) async throws(StorageError) -> [UInt8] { Array(bytes[Int(offset)..<Int(offset) + count]) }

    var descriptor: Int32? { nil }
}
