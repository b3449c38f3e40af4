// A time limit that kills.

import Synchronization

/// Calls `overdue` when it is not met in time. Exactly one of the two happens: it is met, or it is overdue.
final class Deadline: Sendable {
    private let isSettled = Atomic(false)
    private let timer = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter clock: what the limit is measured with.
    init<Measure: Clock<Duration>>(after limit: Duration, on clock: Measure, overdue: @escaping @Sendable () -> Void) {
        let end = clock.now.advanced(by: limit)
        // Not a child task: it must run however the work that it watches is waiting.
        let task = Task.detached { [weak self] in
            do {
                try await clock.sleep(until: end, tolerance: nil)
                // Woken late, it was this process that had no time; what was done meanwhile may be waiting to be noticed.
                let lateness = end.duration(to: clock.now)
                if lateness > .milliseconds(200) { try await clock.sleep(until: clock.now.advanced(by: min(lateness, limit)), tolerance: nil) }
            } catch {
                return
            }
            guard let self, self.settle() else { return }
            overdue()
        }
        timer.withLock { $0 = task }
    }

    convenience init(after limit: Duration, overdue: @escaping @Sendable () -> Void) {
        self.init(after: limit, on: ContinuousClock(), overdue: overdue)
    }

    /// Says that the work is done; false when it came too late.
    func meet() -> Bool {
        timer.withLock { $0?.cancel() }
        return settle()
    }

    private func settle() -> Bool { isSettled.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged }
}
