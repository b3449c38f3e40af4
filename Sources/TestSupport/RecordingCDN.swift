package import Backends
import Synchronization

/// A CDN that only remembers what it was asked to purge.
package final class RecordingCDN: CDN {
    private struct State {
        var purges: [[String]] = []
        var failures = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var isPresent: Bool { true }

    /// The keys of every purge, in order, also of those that were told to fail.
    package var purges: [[String]] { state.withLock { $0.purges } }

    /// Lets the next purges fail.
    package func fail(times: Int) { state.withLock { $0.failures = times } }

    package func purge(_ keys: [String]) async throws(CDNError) {
        let fails = state.withLock { state in
            state.purges.append(keys)
            defer { state.failures = max(0, state.failures - 1) }
            return state.failures > 0
        }
        if fails { throw CDNError("the CDN was told to fail") }
    }
}
