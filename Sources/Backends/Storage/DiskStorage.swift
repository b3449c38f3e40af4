// Files in a folder of the local disk.
import FaultPoints
import Glibc

/// A `FileStorage` in a folder. The folder must be on a file system with hard links; several processes may share it.
///
/// A new file is written under a temporary name in `.incoming`, synchronized, linked to its path (which fails when the path is taken: nothing is
/// ever overwritten), and every folder on the way is synchronized, all before `put` returns. Folders are opened one by one from the root
/// without following symbolic links, so a link planted below the root leads nowhere.
public struct DiskStorage: FileStorage {
    private static let incoming = ".incoming"
    private let folder: DiskFolder
    private let threads: DiskThreads

    /// Opens the folder, makes it when it does not exist, and removes what crashed processes left behind. Blocks the calling thread.
    /// - Parameters:
    ///   - root: path of the folder.
    ///   - threads: the most file operations at once.
    /// - Throws: `StorageError`.
    public init(root: String, threads: Int = 16) throws(StorageError) {
        folder = try DiskFolder(root: root)
        self.threads = DiskThreads(limit: threads)
        try TemporaryFiles.sweep("\(root)/\(Self.incoming)")
    }

    public func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        let folder = folder
        try await threads.run { () throws(StorageError) in
            let source = try Descriptor(Glibc.open(localPath, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), doing: "open the file to be stored")
            let status = try source.status()
            guard status.st_mode & S_IFMT == S_IFREG else { throw .unavailable("the file to be stored is not a regular file") }
            guard status.st_dev == folder.device else {
                return try Self.copy(source, size: Int64(status.st_size), to: path, in: folder)
            }
            guard fchmod(source.number, 0o644) == 0 else { throw StorageError(errno: errno, doing: "fchmod") }
            try StorageError.inject(at: "storage.put.sync-file")
            try source.synchronize()
            // Through the descriptor, so that exactly the file that was synchronized is linked, whatever its name means by now.
            try folder.link("/proc/self/fd/\(source.number)", of: source, to: path)
            passFaultPoint("storage.put.done")
        }
    }

    public func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {
        let folder = folder
        try await threads.run { () throws(StorageError) in
            try Self.store(to: path, in: folder) { file throws(StorageError) in try file.write(bytes) }
        }
    }

    public func size(of path: StoragePath) async throws(StorageError) -> Int64 {
        let folder = folder
        return try await threads.run { () throws(StorageError) in Int64(try folder.open(path).status().st_size) }
    }

    public func open(_ path: StoragePath) async throws(StorageError) -> StoredFile {
        let (folder, threads) = (folder, threads)
        return try await threads.run { () throws(StorageError) in
            try StorageError.inject(at: "storage.open")
            let file = try folder.open(path)
            let status = try file.status()
            return StoredFile(
                size: Int64(status.st_size),
                storedAt: Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000,
                reader: DiskFileReader(file: file, threads: threads)
            )
        }
    }

    @discardableResult
    public func delete(_ path: StoragePath) async throws(StorageError) -> Bool {
        let folder = folder
        return try await threads.run { () throws(StorageError) in try folder.remove(path) }
    }

    public func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        let folder = folder
        return try await threads.run { () throws(StorageError) in
            var listing = DiskListing(prefix: Array(prefix.utf8), after: after.map { Array($0.text.utf8) }, limit: limit)
            try listing.walk(folder.root, at: [])
            return listing.paths
        }
    }

    private static func copy(_ source: Descriptor, size: Int64, to path: StoragePath, in folder: DiskFolder) throws(StorageError) {
        try store(to: path, in: folder) { file throws(StorageError) in
            var offset: Int64 = 0
            while offset < size {
                let piece = try source.read(at: offset, count: Int(min(1 << 20, size - offset)))
                guard !piece.isEmpty else { throw .unavailable("the file to be stored became shorter") }
                try file.write(piece)
                offset += Int64(piece.count)
            }
        }
    }

    /// Writes a temporary file and links it to its path. The temporary name is gone afterwards, whatever happened.
    private static func store(
        to path: StoragePath,
        in folder: DiskFolder,
        writing write: (Descriptor) throws(StorageError) -> Void
    ) throws(StorageError) {
        try StorageError.inject(at: "storage.put.create")
        let temporary = try TemporaryFile(folder: "\(folder.rootPath)/\(incoming)", mode: 0o644)
        defer { temporary.remove() }
        passFaultPoint("storage.put.created")
        try write(temporary.descriptor)
        try StorageError.inject(at: "storage.put.write")
        try StorageError.inject(at: "storage.put.sync-file")
        try temporary.descriptor.synchronize()
        try folder.link(temporary.path, of: temporary.descriptor, to: path)
        passFaultPoint("storage.put.done")
    }
}

private struct DiskFileReader: StoredFileReader {
    let file: Descriptor
    let threads: DiskThreads

    func read(at offset: Int64, count: Int) async throws(StorageError) -> [UInt8] {
        let file = file
        let bytes = try await threads.run { () throws(StorageError) in try file.read(at: offset, count: count) }
        guard bytes.count == count else { throw .unavailable("a stored file became shorter") }
        return bytes
    }

    var descriptor: Int32? { file.number }
}
