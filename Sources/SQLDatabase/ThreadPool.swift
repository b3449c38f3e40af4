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
        /// Until when it may wait, by the clock of timers.
        let deadline: DispatchTime
    }

    private struct Queue {
        var waiting: [UInt64: Work] = [:]
        var order: [UInt64] = []
        var head = 0
        /// Threads that sleep, and that have been woken and did not look yet.
        var idle = 0
        var woken = 0
        var hasTimer = false
        var closed = false
        var running = 0
        var rejected: Int64 = 0
        var expired: Int64 = 0
        var cancelled: Int64 = 0

        /// Threads that take the next callers at once.
        var ready: Int { idle + woken }
        /// Callers that no thread is about to take.
        var stuck: Int { max(0, waiting.count - ready) }

        /// A thread will look into the line.
        ///
        /// - Returns: whether one has to be woken for that; where none sleeps, those that run look by themselves.
        mutating func wake() -> Bool {
            guard idle > 0 else { return false }
            idle -= 1
            woken += 1
            return true
        }

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

        /// Who has waited longest.
        var first: Work? {
            mutating get {
                while head < order.count {
                    if let work = waiting[order[head]] { return work }
                    head += 1
                }
                return nil
            }
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
        case isIn
        /// In, and the first that can not be taken at once.
        case needsTimer
        case isClosed
        case isFull
    }

    private let name: String
    private let waitLimit: Duration
    private let waitingLimit: Int
    private let queue = Mutex(Queue())
    private let tickets = Atomic<UInt64>(0)
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
        // One look for each caller: the lock is what all of them meet at.
        var (isRunning, wasWoken) = (false, false)
        while true {
            let (work, isOver) = queue.withLock { queue -> (Work?, Bool) in
                if isRunning { queue.running -= 1 }
                if wasWoken { queue.woken -= 1 }
                let work = queue.pop()
                if work != nil { queue.running += 1 } else if !queue.closed { queue.idle += 1 }
                return (work, work == nil && queue.closed)
            }
            if isOver { return }
            (isRunning, wasWoken) = (work != nil, work == nil)
            if let work { work.run(state) } else { wake.wait() }
        }
    }

    /// Runs `body` on one of the threads.
    ///
    /// A task that is cancelled while it waits leaves the line. One that was cancelled before it came waits like any other: it has something to put in order.
    /// - Throws: what `body` throws; ``DatabaseError`` of kind `exhausted` when too many wait or no thread became free within the limit,
    ///   `connectionLost` when the pool is closed; `CancellationError`.
    public func run<Result: Sendable>(_ body: @escaping @Sendable (State) throws -> Result) async throws -> Result {
        let ticket = tickets.add(1, ordering: .relaxed).newValue
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
                fail: { continuation.resume(throwing: $0) },
                deadline: .now() + waitLimit.seconds
            )
            let (admission, wakes): (Admission, Bool) = queue.withLock { queue in
                if queue.closed { return (.isClosed, false) }
                // Who finds a thread idle is taken even where nobody may wait.
                if queue.waiting.count >= queue.ready + waitingLimit {
                    queue.rejected += 1
                    return (.isFull, false)
                }
                queue.waiting[ticket] = work
                queue.order.append(ticket)
                // One timer for all: they wait in order, and equally long.
                let needsTimer = queue.stuck > 0 && !queue.hasTimer
                if needsTimer { queue.hasTimer = true }
                return (needsTimer ? .needsTimer : .isIn, queue.wake())
            }
            if wakes { wake.signal() }
            switch admission {
            case .isClosed:
                work.fail(DatabaseError(.connectionLost, "The \(name) pool is closed."))
            case .isFull:
                work.fail(DatabaseError(.exhausted, "\(waitingLimit) callers wait for the \(threads) \(name) connections already; try again later."))
            case .isIn:
                break
            case .needsTimer:
                expire(at: work.deadline)
            }
        }
    }

    /// Ends the wait of those who have waited too long, when that time comes.
    private func expire(at time: DispatchTime) {
        DispatchQueue.global().asyncAfter(deadline: time) { [self] in
            let now = DispatchTime.now()
            let (overdue, next) = queue.withLock { queue -> ([Work], DispatchTime?) in
                var overdue: [Work] = []
                while let work = queue.first {
                    guard work.deadline <= now else { return (overdue, work.deadline) }
                    if let work = queue.pop() { overdue.append(work) }
                }
                queue.hasTimer = false
                return (overdue, nil)
            }
            queue.withLock { $0.expired += Int64(overdue.count) }
            let error = DatabaseError(
                .exhausted,
                "All \(threads) \(name) connections stayed busy for \(waitLimit); try again, or raise the pool size."
            )
            for work in overdue { work.fail(error) }
            if let next { expire(at: next) }
        }
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
        let sleeping = queue.withLock { queue in
            let sleeping = queue.closed ? 0 : queue.idle
            queue.closed = true
            queue.idle -= sleeping
            queue.woken += sleeping
            return sleeping
        }
        for _ in 0..<sleeping { wake.signal() }
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
