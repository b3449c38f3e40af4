// The storage behind the one that files are served from.

package import Backends
import Synchronization

/// Where every upload is written before its row commits: the source of truth (index §6.2). The storage that downloads come from is a copy of it.
package final class Archive: Sendable {
    /// How long a served storage that failed is left alone, in microseconds: its next reader need not wait for the same failure.
    static let pause: Int64 = 30 * 1_000_000

    package let storage: any FileStorage
    /// Where files lie on their way from one storage to the other.
    let temporary: TemporaryFiles
    private let state = Mutex((pausedUntil: Int64(0), served: [Reason: Int]()))

    /// Why a file was read here instead of from the served storage.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// It is not there yet, or not any more.
        case missing
        /// The served storage does not work.
        case unavailable
    }

    package init(_ storage: any FileStorage, temporary: TemporaryFiles) {
        self.storage = storage
        self.temporary = temporary
    }

    /// How many files were opened here, by reason, since the start.
    package var served: [Reason: Int] { state.withLock { $0.served } }

    func isPaused(now: Int64) -> Bool { state.withLock { $0.pausedUntil > now } }

    func pause(now: Int64) { state.withLock { $0.pausedUntil = now + Self.pause } }

    func count(_ reason: Reason) { state.withLock { $0.served[reason, default: 0] += 1 } }
}
