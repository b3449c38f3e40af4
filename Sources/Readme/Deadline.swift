// A time limit that kills.

import Synchronization

/// Calls `overdue` when it is not met in time. Exactly one of the two happens: it is met, or it is overdue.
final class Deadline: Sendable {
    private let isSettled = Atomic(false)
    private let timer = Mutex<Task<Void, Never>?>(nil)

    init(after limit: Duration, overdue: @escaping @Sendable () -> Void) {
        // Not a child task: it must run however the work that it watches is waiting.
        let task = Task.detached { [weak self] in
            let end = ContinuousClock.now + limit
            do {
                try await Task.sleep(until: end)
                // Woken late, it was this process that had no time; what was done meanwhile may be waiting to be noticed.
                let lateness = end.duration(to: .now)
                if lateness > .milliseconds(200) { try await Task.sleep(for: min(lateness, limit)) }
            } catch {
                return
            }
            guard let self, self.settle() else { return }
            overdue()
        }
        timer.withLock { $0 = task }
    }

    /// Says that the work is done; false when it came too late.
    func meet() -> Bool {
        timer.withLock { $0?.cancel() }
        return settle()
    }

    private func settle() -> Bool { isSettled.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged }
}
