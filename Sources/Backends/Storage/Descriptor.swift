// An owned POSIX file descriptor and the few system calls the disk storage is made of.
import Glibc

/// Closes itself. All reads name their offset, so threads may share it.
final class Descriptor: Sendable {
    let number: Int32

    /// - Parameter number: what a system call returned; -1 throws `errno`.
    init(_ number: Int32, doing what: String) throws(StorageError) {
        guard number >= 0 else { throw StorageError(errno: errno, doing: what) }
        self.number = number
    }

    deinit { close(number) }

    func status() throws(StorageError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw StorageError(errno: errno, doing: "fstat") }
        return status
    }

    /// Waits until content (or, for a folder, its entries) is on the disk.
    func synchronize() throws(StorageError) {
        guard fsync(number) == 0 else { throw StorageError(errno: errno, doing: "fsync") }
    }

    func read(at offset: Int64, count: Int) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(number, buffer.baseAddress! + filled, count - filled, off_t(offset) + filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { return }
                filled += got
            }
        }
        guard failure == 0 else { throw StorageError(errno: failure, doing: "read") }
        return bytes
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            let put = Glibc.write(number, bytes.baseAddress! + done, bytes.count - done)
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw StorageError(errno: put < 0 ? errno : EIO, doing: "write") }
            done += put
        }
    }

    func write(_ bytes: some Collection<UInt8>) throws(StorageError) {
        var failure: StorageError?
        let contiguous = ContiguousArray(bytes)
        contiguous.withUnsafeBytes { buffer in
            do throws(StorageError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

extension StorageError {
    /// Maps a system error; those of a missing file are for the caller to recognise before.
    init(errno code: Int32, doing what: String) {
        switch code {
        case ENOSPC, EDQUOT: self = .full
        default: self = .unavailable("\(what): \(String(cString: strerror(code)))")
        }
    }
}
