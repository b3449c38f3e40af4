import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// Whose upload is judged next (finding 3).
@Suite struct JudgingLineTests {
    /// Holds work until it is told to go on. Blocks a thread of the line, never one of the test.
    private final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)

        func open() { semaphore.signal() }
        func wait() { semaphore.wait() }
    }

    /// What was done, in order.
    private final class Names: Sendable {
        private let names = Mutex<[String]>([])

        var all: [String] { names.withLock { $0 } }
        func add(_ name: String) { names.withLock { $0.append(name) } }
    }

    private static func line(threads: Int = 1, room: Int = 512, roomPerSender: Int = 256) -> JudgingLine {
        JudgingLine(.init(threads: threads, room: room, roomPerSender: roomPerSender))
    }

    /// Goes on once `condition` holds.
    private static func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    @Test func `while one sender's work fills the line, another's turn comes next`() async throws {
        let line = Self.line()
        let gate = Gate()
        let order = Names()
        try await withThrowingTaskGroup(of: Void.self) { group in
            func send(_ sender: String, _ name: String, waiting: Int) async {
                group.addTask { try await line.run(for: sender) { order.add(name) } }
                await Self.until { line.load.waiting == waiting }
            }
            group.addTask { try await line.run(for: "many") { gate.wait() } }
            await Self.until { line.load.busy == 1 }
            for number in 1...5 { await send("many", "many \(number)", waiting: number) }
            await send("one", "one", waiting: 6)
            await send("other", "other", waiting: 7)
            gate.open()
            try await group.waitForAll()
        }
        #expect(order.all == ["many 1", "one", "other", "many 2", "many 3", "many 4", "many 5"])
        // The last thread leaves after its work has answered.
        await Self.until { line.load.busy == 0 }
        #expect(line.load == JudgingLine.Load(busy: 0, waiting: 0, rejected: 0))
    }

    @Test func `a thread that is free goes to the sender with the least in work`() async throws {
        let line = Self.line(threads: 2)
        let gates = (Gate(), Gate())
        let order = Names()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await line.run(for: "many") { gates.0.wait() } }
            group.addTask { try await line.run(for: "many") { gates.1.wait() } }
            await Self.until { line.load.busy == 2 }
            group.addTask { try await line.run(for: "many") { order.add("many") } }
            await Self.until { line.load.waiting == 1 }
            group.addTask { try await line.run(for: "one") { order.add("one") } }
            await Self.until { line.load.waiting == 2 }
            gates.0.open()
            await Self.until { order.all.count == 2 }
            gates.1.open()
            try await group.waitForAll()
        }
        #expect(order.all == ["one", "many"])
    }

    @Test(arguments: [(1, 256), (512, 1)])
    func `what comes when too many wait is turned away, and counted`(room: Int, roomPerSender: Int) async throws {
        let line = Self.line(room: room, roomPerSender: roomPerSender)
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await line.run(for: "a") { gate.wait() } }
            await Self.until { line.load.busy == 1 }
            group.addTask { try await line.run(for: "a") {} }
            await Self.until { line.load.waiting == 1 }
            let rejection = await refusal { try await line.run(for: "a") {} }
            #expect(rejection.reason == .unavailable)
            #expect(line.load == JudgingLine.Load(busy: 1, waiting: 1, rejected: 1))
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test func `work whose task is cancelled leaves the line undone, and what is in work is done`() async throws {
        let line = Self.line()
        let gate = Gate()
        let done = Names()
        let first = Task { try await line.run(for: "a") { gate.wait() } }
        await Self.until { line.load.busy == 1 }
        let second = Task { try await line.run(for: "a") { done.add("second") } }
        await Self.until { line.load.waiting == 1 }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(line.load.waiting == 0)
        first.cancel()
        gate.open()
        try await first.value
        #expect(done.all.isEmpty)
    }

    @Test func `an upload reads the database twice before it is stored, and knows its sender from the first time`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let counting = CountingDatabase(test.engine)
            let index = test.anotherProcess(engine: counting)
            let before = counting.count
            // Refused at the last step before it would be stored.
            let bad = try UploadBuilder.sdist("demo", "1.0").with(filename: "Demo-1.0.tar.gz").received(as: .token(token), in: test.folder)
            _ = await refusal { _ = try await index.publish(bad) }
            #expect(counting.count - before == 2)
            #expect(counting.takeStatements().count { $0.contains("FROM api_tokens") } == 1)
        }
    }
}
