// Runs slow, memory-hungry work away from the cooperative pool, a few pieces at once.
import Dispatch
import Synchronization

/// Whoever finds all places taken waits in line without occupying a thread.
final class HashingThreads: Sendable {
    private struct Line {
        var running = 0
        /// Those who go before all others who wait.
        var urgent: [@Sendable () -> Void] = []
        var waiting: [@Sendable () -> Void] = []

        mutating func next() -> (@Sendable () -> Void)? {
            urgent.isEmpty ? waiting.isEmpty ? nil : waiting.removeFirst() : urgent.removeFirst()
        }
    }

    private let limit: Int
    private let queue = DispatchQueue(label: "emporium.hashing", attributes: .concurrent)
    private let line = Mutex(Line())

    init(limit: Int) { self.limit = max(1, limit) }

    /// - Parameter isUrgent: whether it goes before what waits without being urgent.
    func run<Value: Sendable>(isUrgent: Bool = false, _ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            enter(isUrgent: isUrgent) { continuation.resume(returning: work()) }
        }
    }

    /// How many wait.
    var waitingCount: Int { line.withLock { $0.urgent.count + $0.waiting.count } }

    private func enter(isUrgent: Bool, _ work: @escaping @Sendable () -> Void) {
        let mayStart = line.withLock { line in
            guard line.running < limit else {
                if isUrgent { line.urgent.append(work) } else { line.waiting.append(work) }
                return false
            }
            line.running += 1
            return true
        }
        if mayStart { queue.async { self.keepWorking(work) } }
    }

    /// Does the work, then whatever is next, until nothing waits.
    private func keepWorking(_ first: @escaping @Sendable () -> Void) {
        var next: (@Sendable () -> Void)? = first
        while let work = next {
            work()
            next = line.withLock { line in
                let next = line.next()
                if next == nil { line.running -= 1 }
                return next
            }
        }
    }
}
