// The index's idea of time.

import Foundation
import Synchronization

/// Where every timestamp comes from: microseconds since 1970 (UTC).
package struct IndexClock: Sendable {
    /// Now, in microseconds since 1970.
    package let now: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    /// The machine's clock.
    package static let system = IndexClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

/// A clock that stands still until it is told to move.
package final class ManualClock: Sendable {
    private let time: Mutex<Int64>

    /// - Parameter now: microseconds since 1970; 2026-01-02 03:04:05.678901 UTC unless told otherwise.
    package init(_ now: Int64 = 1_767_323_045_678_901) {
        time = Mutex(now)
    }

    package var clock: IndexClock { IndexClock { self.time.withLock { $0 } } }

    package func advance(by duration: Duration) {
        time.withLock { $0 += duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000 }
    }
}
