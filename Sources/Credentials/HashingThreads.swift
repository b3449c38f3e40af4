// Runs slow, memory-hungry work away from the cooperative pool, a few pieces at once.
import Dispatch
import Synchronization

/// Whoever finds all places taken waits in line without occupying a thread.
final class HashingThreads: Sendable {
    private struct Line {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let queue = DispatchQueue(label: "emporium.hashing", attributes: .concurrent)
    private let line = Mutex(Line())

    init(limit: Int) { self.limit = max(1, limit) }

    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            enter { continuation.resume(returning: work()) }
        }
    }

    private func enter(_ work: @escaping @Sendable () -> Void) {
        let mayStart = line.withLock { line in
            guard line.running < limit else {
                line.waiting.append(work)
                return false
            }
            line.running += 1
            return true
        }
        if mayStart { queue.async { self.keepWorking(work) } }
    }

    /// Does the work, then whatever has been waiting longest, until nothing waits.
    private func keepWorking(_ first: @escaping @Sendable () -> Void) {
        var next: (@Sendable () -> Void)? = first
        while let work = next {
            work()
            next = line.withLock { line in
                if line.waiting.isEmpty {
                    line.running -= 1
                    return nil
                }
                return line.waiting.removeFirst()
            }
        }
    }
}
