// Files without a name.

import CSpawn
import Foundation
import Glibc

/// A file in memory, gone with the last reference to it.
final class MemoryFile: Sendable {
    let descriptor: Int32

    /// A file with this content, at its beginning.
    init(_ content: Data = Data()) throws {
        descriptor = memfd_create("program", 1)  // MFD_CLOEXEC
        guard descriptor >= 0 else { throw ChildProcessFailure(description: "no file in memory: \(errno)") }
        var done = 0
        while done < content.count {
            let count = content.withUnsafeBytes { pwrite(descriptor, $0.baseAddress! + done, $0.count - done, off_t(done)) }
            guard count > 0 else { throw ChildProcessFailure(description: "no room for a file in memory: \(errno)") }
            done += count
        }
    }

    deinit { close(descriptor) }

    /// All that is in it now.
    var content: Data {
        var status = stat()
        fstat(descriptor, &status)
        var data = Data(count: Int(status.st_size))
        var done = 0
        while done < data.count {
            let count = data.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(done)) }
            guard count > 0 else { return data.prefix(done) }
            done += count
        }
        return data
    }
}
