// How long work tells how far it is, and hears that it should stop.

import Synchronization

/// Work that an operator waits for. What runs inside a transaction asks ``checkStop()`` too, where no task can be seen.
package final class LongWork: Sendable {
    /// What becomes of the work, for whoever shows it.
    package enum Step: Sendable, Hashable {
        /// So many of these are to be done from now on; `nil` when nobody knows.
        case begin(String, total: Int?)
        case done(Int)
        /// Done by an earlier run: says nothing of the rate.
        case skipped(Int)
        case end
        case note(String)
    }

    private let isStopped = Mutex(false)
    private let show: @Sendable (Step) -> Void

    package init(show: @escaping @Sendable (Step) -> Void = { _ in }) { self.show = show }

    /// Makes the work end soon, as something that can be gone on with.
    package func stop() { isStopped.withLock { $0 = true } }

    /// - Throws: `CancellationError` once ``stop()`` was called.
    package func checkStop() throws {
        if isStopped.withLock({ $0 }) { throw CancellationError() }
    }

    package func begin(_ what: String, total: Int? = nil) { show(.begin(what, total: total)) }
    package func advance(by count: Int = 1) { show(.done(count)) }
    package func skip(_ count: Int = 1) { show(.skipped(count)) }
    package func end() { show(.end) }
    package func note(_ text: String) { show(.note(text)) }
}
