// The threads under every engine.

import Dispatch
import Foundation
import SQLDatabase
import Testing

@Suite struct ThreadPoolTests {
    @Test func `no more work runs at once than there are threads`() async throws {
        let pool = ThreadPool<Void>(name: "test", threads: 3, waitLimit: .seconds(20), makeState: {})
        let running = Shared((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await pool.run { _ in
                        running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        usleep(1000)
                        running.withLock { $0.now -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(running.withLock { $0.most } <= 3)
        #expect(running.withLock { $0.most } >= 2)
        await pool.close()
    }

    @Test func `one thread takes callers in order`() async throws {
        let pool = ThreadPool<Void>(name: "test", threads: 1, waitLimit: .seconds(20), makeState: {})
        let gate = DispatchSemaphore(value: 0)
        let seen = Shared<[Int]>([])
        let queued = Shared(0)
        async let blocker: Void = pool.run { _ in
            queued.withLock { $0 = 1 }
            gate.wait()
        }
        while queued.withLock({ $0 }) == 0 { await Task.yield() }
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<5 {
            tasks.append(Task { try await pool.run { _ in seen.withLock { $0.append(number) } } })
            try await Task.sleep(for: .milliseconds(10))
        }
        gate.signal()
        try await blocker
        for task in tasks { try await task.value }
        #expect(seen.withLock { $0 } == [0, 1, 2, 3, 4])
        await pool.close()
    }

    @Test func `a caller that waits too long gets an error, and its work never runs`() async throws {
        let pool = ThreadPool<Void>(name: "test", threads: 1, waitLimit: .milliseconds(60), makeState: {})
        let gate = DispatchSemaphore(value: 0)
        let began = Shared(false)
        let ran = Shared(false)
        let blocker = Task {
            try await pool.run { _ in
                began.withLock { $0 = true }
                gate.wait()
            }
        }
        while !began.withLock({ $0 }) { await Task.yield() }
        let error = await #expect(throws: DatabaseError.self) { try await pool.run { _ in ran.withLock { $0 = true } } }
        #expect(error?.kind == .exhausted)
        gate.signal()
        try await blocker.value
        #expect(try await pool.run { _ in 5 } == 5)
        #expect(!ran.withLock { $0 })
        await pool.close()
    }

    @Test func `each thread keeps a state of its own and gives it back at the end`() async throws {
        let made = Shared(0)
        let ended = Shared(0)
        let pool = ThreadPool<Int>(
            name: "test",
            threads: 4,
            waitLimit: .seconds(5),
            makeState: {
                made.withLock {
                    $0 += 1
                    return $0
                }
            },
            endState: { _ in ended.withLock { $0 += 1 } }
        )
        #expect((1...4).contains(try await pool.run { $0 }))
        await pool.close()
        #expect(made.withLock { $0 } == 4)
        #expect(ended.withLock { $0 } == 4)
    }

    @Test func `closing lets accepted work finish and refuses new work`() async throws {
        let pool = ThreadPool<Void>(name: "test", threads: 1, waitLimit: .seconds(5), makeState: {})
        let began = Shared(false)
        let done = Shared(0)
        async let first: Void = pool.run { _ in
            began.withLock { $0 = true }
            usleep(50_000)
            done.withLock { $0 += 1 }
        }
        while !began.withLock({ $0 }) { await Task.yield() }
        async let second: Void = pool.run { _ in done.withLock { $0 += 1 } }
        try await Task.sleep(for: .milliseconds(10))
        await pool.close()
        #expect(done.withLock { $0 } == 2)
        _ = try await (first, second)
        let error = await #expect(throws: DatabaseError.self) { try await pool.run { _ in } }
        #expect(error?.kind == .connectionLost)
        await pool.close()
    }

    @Test func `an error of the work reaches its caller`() async throws {
        struct Oops: Error {}
        let pool = ThreadPool<Void>(name: "test", threads: 1, waitLimit: .seconds(5), makeState: {})
        await #expect(throws: Oops.self) { try await pool.run { _ in throw Oops() } }
        await pool.close()
    }

    /// A pool whose threads are all stuck until `gate` lets them go.
    private func withStuckPool(threads: Int, waitingLimit: Int, _ body: (ThreadPool<Void>) async throws -> Void) async throws {
        let pool = ThreadPool<Void>(name: "test", threads: threads, waitLimit: .seconds(60), waitingLimit: waitingLimit, makeState: {})
        let gate = DispatchSemaphore(value: 0)
        let blockers = (0..<threads).map { _ in Task { try await pool.run { _ in gate.wait() } } }
        while pool.load.busy < threads { await Task.yield() }
        do { try await body(pool) } catch {
            for _ in 0..<threads { gate.signal() }
            throw error
        }
        for _ in 0..<threads { gate.signal() }
        for blocker in blockers { try await blocker.value }
        await pool.close()
    }

    @Test func `when as many wait as may, the next is turned away at once and its work never runs`() async throws {
        let ran = Shared(0)
        var waiting: [Task<Void, any Error>] = []
        try await withStuckPool(threads: 2, waitingLimit: 5) { pool in
            for _ in 0..<5 { waiting.append(Task { try await pool.run { _ in ran.withLock { $0 += 1 } } }) }
            while pool.load.waiting < 5 { await Task.yield() }
            // Every thread is stuck for as long as this closure runs: an answer can only be a refusal.
            for _ in 0..<20 {
                let error = await #expect(throws: DatabaseError.self) { try await pool.run { _ in ran.withLock { $0 += 1000 } } }
                #expect(error?.kind == .exhausted)
            }
            let load = pool.load
            #expect(load == PoolLoad(name: "test", size: 2, busy: 2, waiting: 5, waitingLimit: 5, rejected: 20, expired: 0, cancelled: 0))
        }
        for task in waiting { try await task.value }
        #expect(ran.withLock { $0 } == 5)
    }

    @Test func `a pool where nobody may wait still takes who finds a thread idle`() async throws {
        let pool = ThreadPool<Void>(name: "test", threads: 1, waitLimit: .seconds(60), waitingLimit: 0, makeState: {})
        // A thread is idle once it has been made.
        while true {
            if let answer = try? await pool.run({ _ in 7 }) {
                #expect(answer == 7)
                break
            }
        }
        await pool.close()
    }

    @Test func `who is cancelled while waiting leaves the line and makes room in it`() async throws {
        let ran = Shared(0)
        var last: Task<Void, any Error>?
        try await withStuckPool(threads: 1, waitingLimit: 3) { pool in
            // More than the line is long, one after the other: places that were left must not add up.
            for _ in 0..<300 {
                let task = Task { try await pool.run { _ in ran.withLock { $0 += 1000 } } }
                while pool.load.waiting < 1 { await Task.yield() }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(pool.load.waiting == 0)
            }
            last = Task { try await pool.run { _ in ran.withLock { $0 += 1 } } }
            while pool.load.waiting < 1 { await Task.yield() }
            #expect(pool.load.cancelled == 300)
            #expect(pool.load.rejected == 0)
        }
        try await last?.value
        #expect(ran.withLock { $0 } == 1)
    }

    @Test func `what a cancelled task begins afterwards, to put things in order, still runs`() async throws {
        var task: Task<Int, any Error>?
        try await withStuckPool(threads: 1, waitingLimit: 3) { pool in
            task = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await pool.run { _ in 9 }
            }
            task?.cancel()
            while pool.load.waiting < 1 { await Task.yield() }
            #expect(pool.load.cancelled == 0)
        }
        let answer = try await task?.value
        #expect(answer == 9)
    }

    @Test func `who waited in vain is counted`() async throws {
        let pool = ThreadPool<Void>(name: "test", threads: 1, waitLimit: .milliseconds(30), makeState: {})
        let gate = DispatchSemaphore(value: 0)
        let blocker = Task { try await pool.run { _ in gate.wait() } }
        while pool.load.busy < 1 { await Task.yield() }
        await #expect(throws: DatabaseError.self) { try await pool.run { _ in } }
        #expect(pool.load.expired == 1)
        #expect(pool.load.waiting == 0)
        gate.signal()
        try await blocker.value
        await pool.close()
    }
}
