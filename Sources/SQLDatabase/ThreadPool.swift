// A few threads that run blocking work for async callers, each with its own state.

import Dispatch
import Foundation
import Synchronization

/// A bounded pool of threads for blocking work, so that the cooperative pool never waits for a disk or a socket.
///
/// Every thread owns one `State` (a connection, or nothing). Callers wait in order; one that waits longer than `waitLimit` gets an error instead, and
/// when `waitingLimit` of them wait already, the next gets one at once: what can not be done in time is better refused than collected.
public final class ThreadPool<State>: Sendable {
    private struct Work {
        let run: @Sendable (State) -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct Queue {
        var waiting: [UInt64: Work] = [:]
        var order: [UInt64] = []
        var head = 0
        var nextTicket: UInt64 = 0
        var idle = 0
        var closed = false
        var running = 0
        var rejected: Int64 = 0
        var expired: Int64 = 0
        var cancelled: Int64 = 0

        /// Callers that no thread is about to take: an idle one may not have woken up yet.
        var stuck: Int { max(0, waiting.count - idle) }

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

        /// Takes a caller out of the line; its place in `order` is left for ``pop()`` to skip, unless such places have become the most of it.
        mutating func leave(_ ticket: UInt64) -> Work? {
            guard let work = waiting.removeValue(forKey: ticket) else { return nil }
            if order.count - head > 64, order.count - head > 2 * waiting.count {
                order = order[head...].filter { waiting[$0] != nil }
                head = 0
            }
            return work
        }
    }

    private enum Admission {
        case runs
        case waits
        case isClosed
        case isFull
    }

    private let name: String
    private let waitLimit: Duration
    private let waitingLimit: Int
    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let threads: Int
    private let exited = DispatchGroup()

    /// - Parameters:
    ///   - threads: how many run at once.
    ///   - waitLimit: how long a caller may wait for a thread.
    ///   - waitingLimit: how many callers may wait; `nil` for ``PoolLoad/defaultWaitingLimit(connections:)``.
    ///   - makeState: called on each thread when it starts, and `endState` when it ends.
    public init(
        name: String,
        threads: Int,
        waitLimit: Duration,
        waitingLimit: Int? = nil,
        makeState: @escaping @Sendable () -> State,
        endState: @escaping @Sendable (State) -> Void = { _ in }
    ) {
        self.name = name
        self.waitLimit = waitLimit
        self.waitingLimit = waitingLimit ?? PoolLoad.defaultWaitingLimit(connections: threads)
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
                let work = queue.pop()
                if work != nil { queue.running += 1 }
                return (work, queue.closed)
            }
            if let work {
                work.run(state)
                queue.withLock { $0.running -= 1 }
            } else if closed {
                return
            }
        }
    }

    /// Runs `body` on one of the threads.
    ///
    /// A task that is cancelled while it waits leaves the line. One that was cancelled before it came waits like any other: it has something to put in order.
    /// - Throws: what `body` throws; ``DatabaseError`` of kind `exhausted` when too many wait or no thread became free within the limit,
    ///   `connectionLost` when the pool is closed; `CancellationError`.
    public func run<Result: Sendable>(_ body: @escaping @Sendable (State) throws -> Result) async throws -> Result {
        let ticket = queue.withLock { queue in
            defer { queue.nextTicket += 1 }
            return queue.nextTicket
        }
        if Task.isCancelled { return try await wait(ticket, body) }
        return try await withTaskCancellationHandler {
            try await wait(ticket, body)
        } onCancel: {
            let work = queue.withLock { queue in
                let work = queue.leave(ticket)
                if work != nil { queue.cancelled += 1 }
                return work
            }
            work?.fail(CancellationError())
        }
    }

    private func wait<Result: Sendable>(_ ticket: UInt64, _ body: @escaping @Sendable (State) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Result, any Error>) in
            let work = Work(
                run: { state in continuation.resume(with: Swift.Result { try body(state) }) },
                fail: { continuation.resume(throwing: $0) }
            )
            let admission: Admission = queue.withLock { queue in
                if queue.closed { return .isClosed }
                // Who finds a thread idle is taken even where nobody may wait.
                if queue.waiting.count >= queue.idle + waitingLimit {
                    queue.rejected += 1
                    return .isFull
                }
                queue.waiting[ticket] = work
                queue.order.append(ticket)
                return queue.stuck > 0 ? .waits : .runs
            }
            switch admission {
            case .isClosed:
                work.fail(DatabaseError(.connectionLost, "The \(name) pool is closed."))
            case .isFull:
                work.fail(DatabaseError(.exhausted, "\(waitingLimit) callers wait for the \(threads) \(name) connections already; try again later."))
            case .runs:
                wake.signal()
            case .waits:
                wake.signal()
                // Only a caller that has to wait pays for a timer.
                DispatchQueue.global().asyncAfter(deadline: .now() + waitLimit.seconds) { [self] in expire(ticket) }
            }
        }
    }

    private func expire(_ ticket: UInt64) {
        let work = queue.withLock { queue in
            let work = queue.leave(ticket)
            if work != nil { queue.expired += 1 }
            return work
        }
        work?.fail(
            DatabaseError(.exhausted, "All \(threads) \(name) connections stayed busy for \(waitLimit); try again, or raise the pool size.")
        )
    }

    /// What the pool does now, under its own name.
    public var load: PoolLoad {
        queue.withLock { queue in
            PoolLoad(
                name: name,
                size: threads,
                busy: queue.running,
                waiting: queue.stuck,
                waitingLimit: waitingLimit,
                rejected: queue.rejected,
                expired: queue.expired,
                cancelled: queue.cancelled
            )
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
