// Files that live as long as an upload is being received.
import FaultPoints
import Glibc
import Synchronization

/// Makes temporary files in one folder. Several processes may share the folder.
///
/// Each file is locked as long as its process holds it open, so that sweeping at start-up removes only what crashed processes left.
public struct TemporaryFiles: Sendable {
    private let folder: String

    /// Makes the folder when it does not exist and sweeps it. Best on the same file system as the storage: storing is then a hard link. Blocks.
    /// - Throws: `StorageError`.
    public init(folder: String) throws(StorageError) {
        self.folder = folder
        try Self.sweep(folder)
    }

    /// A new empty file, readable by this user only.
    /// - Throws: `StorageError`: `.full`, `.unavailable`.
    public func make() throws(StorageError) -> TemporaryFile {
        try StorageError.inject(at: "upload.create")
        let file = try TemporaryFile(folder: folder, mode: 0o600)
        passFaultPoint("upload.created")
        return file
    }

    /// Removes every temporary file nobody holds.
    static func sweep(_ folder: String) throws(StorageError) {
        try DiskFolder.makeFolders(folder, mode: 0o700)
        guard let stream = opendir(folder) else { throw StorageError(errno: errno, doing: "open \(folder)") }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard name.hasSuffix(TemporaryFile.suffix) else { continue }
            let file = openat(dirfd(stream), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
            guard file >= 0 else { continue }
            if flock(file, LOCK_EX | LOCK_NB) == 0 { unlinkat(dirfd(stream), name, 0) }
            close(file)
        }
    }
}

/// One temporary file, removed when this object goes away or `remove()` is called. A hard link made of it meanwhile stays.
public final class TemporaryFile: Sendable {
    static let suffix = ".part"

    public let path: String
    let descriptor: Descriptor
    private let state = Mutex((size: Int64(0), isRemoved: false))

    init(folder: String, mode: mode_t) throws(StorageError) {
        while true {
            let path = "\(folder)/\(String(UInt64.random(in: .min ... .max), radix: 36))\(Self.suffix)"
            let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
            if number < 0 && errno == EEXIST { continue }
            let descriptor = try Descriptor(number, doing: "make a temporary file")
            // A sweep of another process may come between the two calls; then the name is gone and another is tried.
            var status = stat()
            if flock(number, LOCK_EX | LOCK_NB) == 0, stat(path, &status) == 0 {
                self.path = path
                self.descriptor = descriptor
                return
            }
        }
    }

    deinit { remove() }

    /// Bytes written so far.
    public var size: Int64 { state.withLock { $0.size } }

    /// Appends bytes with a plain `write(2)`. That copies to the page cache and seldom waits for the disk, so it may be called from async code
    /// with pieces of up to about a megabyte.
    /// - Throws: `StorageError`: `.full`, `.unavailable`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        guard bytes.count > 0 else { return }
        try StorageError.inject(at: "upload.write")
        try descriptor.write(bytes)
        state.withLock { $0.size += Int64(bytes.count) }
    }

    /// The same for an array slice.
    public func write(_ bytes: ArraySlice<UInt8>) throws(StorageError) {
        var failure: StorageError?
        bytes.withUnsafeBytes { buffer in
            do throws(StorageError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Removes the name now. Its room on the disk is free once this object is gone too.
    public func remove() {
        let isFirst = state.withLock { state in
            defer { state.isRemoved = true }
            return !state.isRemoved
        }
        if isFirst { unlink(path) }
    }
}
