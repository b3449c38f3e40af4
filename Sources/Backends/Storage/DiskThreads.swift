// Runs blocking file operations away from the cooperative pool, a bounded number at once.
import Dispatch
import Synchronization

/// Whoever finds all places taken waits in line without occupying a thread.
final class DiskThreads: Sendable {
    private struct Line {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let queue = DispatchQueue(label: "emporium.disk", attributes: .concurrent)
    private let line = Mutex(Line())

    init(limit: Int) { self.limit = max(1, limit) }

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws(StorageError) -> Value) async throws(StorageError) -> Value {
        let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
            enter {
                do throws(StorageError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
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
