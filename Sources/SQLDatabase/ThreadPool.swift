// A few threads that run blocking work for async callers, each with its own state.

import Dispatch
import Foundation
import Synchronization

/// A bounded pool of threads for blocking work, so that the cooperative pool never waits for a disk or a socket.
///
/// Every thread owns one `State` (a connection, or nothing). Callers wait in order; one that waits longer than `waitLimit` gets an error instead.
public final class ThreadPool<State>: Sendable {
    private struct Work {
        let run: @Sendable (State) -> Void
        let expire: @Sendable () -> Void
    }

    private struct Queue {
        var waiting: [UInt64: Work] = [:]
        var order: [UInt64] = []
        var head = 0
        var nextTicket: UInt64 = 0
        var idle = 0
        var closed = false
        var running = 0

        mutating func pop() -> Work? {
            while head < order.count {
                let ticket = order[head]
                head += 1
                if head > 64, head * 2 > order.count {
                    order.removeFirst(head)
                    head = 0
                }
                if let work = waiting.removeValue(forKey: ticket) { return work }
            }
            return nil
        }
    }

    private let name: String
    private let waitLimit: Duration
    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let threads: Int
    private let exited = DispatchGroup()

    /// - Parameters:
    ///   - threads: how many run at once.
    ///   - waitLimit: how long a caller may wait for a thread.
    ///   - makeState: called on each thread when it starts, and `endState` when it ends.
    public init(
        name: String,
        threads: Int,
        waitLimit: Duration,
        makeState: @escaping @Sendable () -> State,
        endState: @escaping @Sendable (State) -> Void = { _ in }
    ) {
        self.name = name
        self.waitLimit = waitLimit
        self.threads = threads
        for number in 0..<threads {
            exited.enter()
            let thread = Thread { [self] in
                let state = makeState()
                loop(state)
                endState(state)
                exited.leave()
            }
            thread.name = "\(name)-\(number)"
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    private func loop(_ state: State) {
        while true {
            queue.withLock { $0.idle += 1 }
            wake.wait()
            let (work, closed) = queue.withLock { queue -> (Work?, Bool) in
                queue.idle -= 1
                return (queue.pop(), queue.closed)
            }
            if let work { work.run(state) } else if closed { return }
        }
    }

    /// Runs `body` on one of the threads.
    ///
    /// - Throws: what `body` throws; ``DatabaseError`` of kind `exhausted` when no thread became free within the limit, `connectionLost` when the pool is closed.
    public func run<Result: Sendable>(_ body: @escaping @Sendable (State) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Result, any Error>) in
            let work = Work(
                run: { state in continuation.resume(with: Swift.Result { try body(state) }) },
                expire: { [name, waitLimit, threads] in
                    continuation.resume(
                        throwing: DatabaseError(
                            .exhausted,
                            "All \(threads) \(name) connections stayed busy for \(waitLimit); try again, or raise the pool size."
                        )
                    )
                }
            )
            let ticket: UInt64? = queue.withLock { queue in
                if queue.closed { return nil }
                let ticket = queue.nextTicket
                queue.nextTicket += 1
                queue.waiting[ticket] = work
                queue.order.append(ticket)
                // Only a caller that has to wait pays for a timer.
                return queue.waiting.count > queue.idle ? ticket : UInt64.max
            }
            guard let ticket else {
                continuation.resume(throwing: DatabaseError(.connectionLost, "The \(name) pool is closed."))
                return
            }
            wake.signal()
            if ticket != UInt64.max {
                DispatchQueue.global().asyncAfter(deadline: .now() + waitLimit.seconds) { [self] in
                    queue.withLock { $0.waiting.removeValue(forKey: ticket) }?.expire()
                }
            }
        }
    }

    /// Lets waiting work finish, then ends the threads.
    public func close() async {
        let first = queue.withLock { queue in
            defer { queue.closed = true }
            return !queue.closed
        }
        if first {
            for _ in 0..<threads { wake.signal() }
        }
        await withCheckedContinuation { continuation in
            exited.notify(queue: .global()) { continuation.resume() }
        }
    }
}

extension Duration {
    /// The duration as seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
