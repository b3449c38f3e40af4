import Synchronization

/// Remembers what was looked at.
final class LookedAt: Sendable {
    private let names = Mutex<Set<String>>([])

    func isFirst(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }
}
