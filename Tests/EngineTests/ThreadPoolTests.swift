// The threads under every engine.

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
}
