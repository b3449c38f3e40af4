// The headers that each answer from the cache has of its own.

import Backends
import Foundation
import NIOCore
import Synchronization

/// Writes `Date`, the request's id and the end of the head.
final class ResponseTail: Sendable {
    private struct Stamp {
        var second = -1
        var line: [UInt8] = []
    }

    private let stamp = Mutex(Stamp())

    /// More than any tail needs.
    static let longest = 112

    /// - Parameter closes: whether the connection ends with this response.
    func write(closes: Bool, into buffer: inout ByteBuffer) {
        let second = time(nil)
        let line = stamp.withLock { stamp in
            if stamp.second != second { stamp = Stamp(second: second, line: Array("Date: \(HTTPDate.text(Int64(second)))\r\nX-Request-Id: ".utf8)) }
            return stamp.line
        }
        buffer.writeBytes(line)
        RequestID.make().write(into: &buffer)
        buffer.writeStaticString(closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
    }
}
