import Dispatch
import Synchronization
import Testing

@testable import Credentials

struct HashingThreadsTests {
    private final class Order: Sendable {
        let names = Mutex<[String]>([])
        let hasBegun = Mutex(false)
        let gate = DispatchSemaphore(value: 0)
    }

    @Test(.timeLimit(.minutes(1))) func `what is urgent goes before all that waits, and what waits goes in turn`() async {
        let threads = HashingThreads(limit: 1)
        let order = Order()
        await withTaskGroup(of: Void.self) { group in
            // Takes the only place until everybody else stands in line.
            group.addTask {
                await threads.run {
                    order.hasBegun.withLock { $0 = true }
                    order.gate.wait()
                }
            }
            while !order.hasBegun.withLock({ $0 }) { await Task.yield() }
            for (count, job) in [("one", false), ("two", false), ("first", true), ("three", false)].enumerated() {
                group.addTask { await threads.run(isUrgent: job.1) { order.names.withLock { $0.append(job.0) } } }
                while threads.waitingCount <= count { await Task.yield() }
            }
            order.gate.signal()
        }
        #expect(order.names.withLock { $0 } == ["first", "one", "two", "three"])
    }
}
