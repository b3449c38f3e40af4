// The caches of this process that hold what the database said.

import Foundation
import Synchronization

/// Tells the caches of this process which tags were touched.
package final class PageCaches: Sendable {
    /// What became stale: some tags, or nobody knows what.
    package enum Change: Sendable {
        case tags(Set<CacheTag>)
        case everything
    }

    /// How this process signs what it touches, so that it does not drop its pages twice.
    var process: String { signature.withLock { $0 } }

    private let signature = Mutex(UUID().uuidString)
    private let listeners = Mutex<[@Sendable (Change) -> Void]>([])

    package init() {}

    /// Calls `drop`, on any thread, whenever something became stale; it must be quick.
    package func add(_ drop: @escaping @Sendable (Change) -> Void) {
        listeners.withLock { $0.append(drop) }
    }

    /// What was signed until now is heard of like any other process's: a commit whose answer was lost may happen after its pages were dropped, and made again
    /// of what was there before.
    func signAnew() { signature.withLock { $0 = UUID().uuidString } }

    func drop(_ tags: Set<CacheTag>) {
        guard !tags.isEmpty else { return }
        tell(tags.contains(.everything) ? .everything : .tags(tags))
    }

    /// For changes that were made past the index.
    package func dropEverything() { tell(.everything) }

    private func tell(_ change: Change) {
        for drop in listeners.withLock({ $0 }) { drop(change) }
    }
}
