// Random access to the bytes of an archive, on disk, in memory or wherever else.
import Glibc

/// The bytes of an archive. Reads block the calling thread.
public struct ArchiveSource: Sendable {
    private enum Place: Sendable {
        case memory([UInt8])
        case file(OpenArchive)
        case elsewhere(Reading)
    }

    /// Reads `count` bytes from an offset on; the range lies within the archive.
    public typealias Reading = @Sendable (_ offset: Int64, _ count: Int) throws(InvalidArchive) -> [UInt8]

    private let place: Place
    /// Length in bytes when it was opened.
    public let size: Int64

    public init(bytes: [UInt8]) {
        place = .memory(bytes)
        size = Int64(bytes.count)
    }

    /// An archive that lies elsewhere.
    /// - Parameter read: may block. What it gives back must have `count` bytes.
    public init(size: Int64, read: @escaping Reading) {
        place = .elsewhere(read)
        self.size = size
    }

    /// Opens a regular file.
    /// - Throws: `InvalidArchive` (`.unreadable`).
    public init(path: String) throws(InvalidArchive) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw InvalidArchive(.unreadable, "cannot be opened: \(String(cString: strerror(errno)))") }
        let file = OpenArchive(descriptor: descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw InvalidArchive(.unreadable, "is not a regular file")
        }
        place = .file(file)
        size = Int64(status.st_size)
    }

    /// Exactly `count` bytes from `offset` on.
    /// - Throws: `InvalidArchive`: `.malformed` when the range does not lie within the archive, `.unreadable` on a read error.
    public func read(at offset: Int64, count: Int) throws(InvalidArchive) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, Int64(count) <= size - offset else {
            throw InvalidArchive(.malformed, "a part of the archive lies beyond its end")
        }
        switch place {
        case .memory(let bytes): return Array(bytes[Int(offset)..<Int(offset) + count])
        case .file(let file): return try file.read(at: offset, count: count)
        case .elsewhere(let read):
            let bytes = try read(offset, count)
            guard bytes.count == count else { throw InvalidArchive(.unreadable, "cannot be read: it ended too early") }
            return bytes
        }
    }
}

/// Owns the descriptor; `pread` keeps no position, so any number of threads may read.
private final class OpenArchive: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    func read(at offset: Int64, count: Int) throws(InvalidArchive) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + filled)
                if got < 0 && errno == EINTR { continue }
                if got <= 0 {
                    failure = got < 0 ? errno : EIO
                    return
                }
                filled += got
            }
        }
        guard failure == 0 else { throw InvalidArchive(.unreadable, "cannot be read: \(String(cString: strerror(failure)))") }
        return bytes
    }
}
