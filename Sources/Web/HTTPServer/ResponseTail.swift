// The headers that each answer from the cache has of its own.

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

    /// - Parameters:
    ///   - requestID: as it is told to the client.
    ///   - closes: whether the connection ends with this response.
    func bytes(requestID: some Sequence<UInt8>, closes: Bool) -> [UInt8] {
        var now = timespec()
        // A tick old at most, and a fifth of the price.
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        var tail: [UInt8] = []
        tail.reserveCapacity(128)
        let second = now.tv_sec
        stamp.withLock { stamp in
            if stamp.second != second { stamp = Stamp(second: second, line: Array("Date: \(HTTPDate.text(Int64(second)))\r\nX-Request-Id: ".utf8)) }
            tail.append(contentsOf: stamp.line)
        }
        tail.append(contentsOf: requestID)
        tail.append(contentsOf: closes ? Self.closingEnd : Self.end)
        return tail
    }

    private static let end = Array("\r\n\r\n".utf8)
    private static let closingEnd = Array("\r\nConnection: close\r\n\r\n".utf8)
}
