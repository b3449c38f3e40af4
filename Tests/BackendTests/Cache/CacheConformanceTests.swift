// What every cache must do, asked of each of them.

import Backends
import Synchronization
import TestSupport
import Testing

/// A cache and what its time is made of.
struct CacheUnderTest: Sendable {
    enum Kind: CaseIterable, Sendable {
        case memory
        case redis
        case divided
    }

    let cache: any Cache
    /// Moves a clock, or waits.
    let pass: @Sendable (Duration) async throws -> Void
    let isListening: @Sendable (String) -> Bool

    static func run(_ kind: Kind, _ body: (CacheUnderTest) async throws -> Void) async throws {
        let clock = TestClock()
        let memory = MemoryCache { clock.now }
        guard kind != .memory else { return try await body(CacheUnderTest(cache: memory, pass: { clock.pass($0) }, isListening: { _ in true })) }
        try await withFolder { folder in
            let server = try await RedisServer(in: folder)
            let client = try server.client()
            defer { client.close() }
            let redis = RedisCache(client, index: "test")
            let pass: @Sendable (Duration) async throws -> Void = { duration in
                clock.pass(duration)
                try await Task.sleep(for: duration)
            }
            let cache: any Cache = kind == .redis ? redis : DividedCache(redis, parts: [.sessions: memory])
            try await body(CacheUnderTest(cache: cache, pass: pass, isListening: { redis.isListening(to: $0) }))
        }
    }
}

final class TestClock: Sendable {
    private let time = Atomic<Int64>(1_000_000)
    var now: Int64 { time.load(ordering: .relaxed) }
    func pass(_ duration: Duration) { time.add(Int64(duration / .microseconds(1)), ordering: .relaxed) }
}

@Suite(.timeLimit(.minutes(3))) struct CacheConformanceTests {
    private let value = Array("a value".utf8)

    @Test(arguments: CacheUnderTest.Kind.allCases) func `what is set is got, until it is deleted`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            let cache = test.cache
            #expect(try await cache.get("a", in: .sessions) == nil)
            try await cache.set("a", in: .sessions, to: value, for: .seconds(60))
            #expect(try await cache.get("a", in: .sessions) == value)
            try await cache.set("a", in: .sessions, to: [], for: .seconds(60))
            #expect(try await cache.get("a", in: .sessions) == [])
            let every = Array(UInt8.min ... .max)
            try await cache.set("ä\r\n {b} \u{0}:*", in: .sessions, to: every, for: .seconds(60))
            #expect(try await cache.get("ä\r\n {b} \u{0}:*", in: .sessions) == every)
            try await cache.delete("a", in: .sessions)
            try await cache.delete("never", in: .sessions)
            #expect(try await cache.get("a", in: .sessions) == nil)
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `namespaces never meet`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            for namespace in CacheNamespace.allCases {
                try await test.cache.set("a", in: namespace, to: Array(namespace.rawValue.utf8), for: .seconds(60))
            }
            try await test.cache.delete("a", in: .xmlrpc)
            for namespace in CacheNamespace.allCases {
                #expect(try await test.cache.get("a", in: namespace) == (namespace == .xmlrpc ? nil : Array(namespace.rawValue.utf8)))
            }
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `what has had its time is gone`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            try await test.cache.set("short", in: .queries, to: value, for: .milliseconds(20))
            try await test.cache.set("long", in: .queries, to: value, for: .seconds(3600))
            try await test.cache.set("none", in: .queries, to: value, for: .zero)
            try await test.pass(.milliseconds(40))
            #expect(try await test.cache.get("short", in: .queries) == nil)
            #expect(try await test.cache.get("none", in: .queries) == nil)
            #expect(try await test.cache.get("long", in: .queries) == value)
            // Longer than anybody lives.
            try await test.cache.set("ever", in: .queries, to: value, for: .seconds(Int64.max))
            #expect(try await test.cache.get("ever", in: .queries) == value)
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `a value has a greatest size`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            let largest = Array(repeating: UInt8(1), count: CacheNamespace.valueLimit)
            try await test.cache.set("a", in: .queries, to: largest, for: .seconds(60))
            #expect(try await test.cache.get("a", in: .queries) == largest)
            await #expect(throws: CacheError.tooLarge(limit: CacheNamespace.valueLimit)) {
                try await test.cache.set("a", in: .queries, to: largest + [1], for: .seconds(60))
            }
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `a window lets through as many as it may`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            func hit(_ limit: Int, _ window: Duration) async throws -> CacheWindow {
                try await test.cache.increment("a", in: .rateLimits, limit: limit, window: window)
            }
            for remaining in [2, 1, 0] {
                let window = try await hit(3, .seconds(600))
                #expect(window.isAllowed)
                #expect(window.remaining == remaining)
                #expect(window.resetsAfter > .seconds(590))
                #expect(window.resetsAfter <= .seconds(600))
            }
            for _ in 0..<2 {
                let full = try await hit(3, .seconds(600))
                #expect(!full.isAllowed)
                #expect(full.remaining == 0)
            }
            // What was refused was not counted: with room for two more there are two.
            #expect(try await hit(5, .seconds(600)).remaining == 1)
            #expect(try await hit(2, .seconds(600)).isAllowed == false)
            let other = try await test.cache.increment("b", in: .rateLimits, limit: 1, window: .seconds(600))
            #expect(other.isAllowed)
            try await test.cache.delete("a", in: .rateLimits)
            #expect(try await hit(3, .seconds(600)).remaining == 2)
            #expect(try await hit(0, .seconds(600)) == CacheWindow(isAllowed: false, remaining: 0, resetsAfter: .zero))
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `a window moves`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            let window = Duration.milliseconds(400)
            func hit() async throws -> Bool {
                try await test.cache.increment("a", in: .rateLimits, limit: 2, window: window).isAllowed
            }
            #expect(try await hit())
            try await test.pass(.milliseconds(150))
            #expect(try await hit())
            let full = try await test.cache.increment("a", in: .rateLimits, limit: 2, window: window)
            // The machine may have slept for long.
            if !full.isAllowed { #expect(full.resetsAfter <= .milliseconds(250)) }
            try await test.pass(full.resetsAfter + .milliseconds(10))
            // The first one has left it.
            #expect(try await hit())
            try await test.pass(window + .milliseconds(50))
            let empty = try await test.cache.increment("a", in: .rateLimits, limit: 2, window: window)
            #expect(empty.isAllowed && empty.remaining == 1)
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `of many at once exactly as many get through as may`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await test.cache.increment("a", in: .rateLimits, limit: 50, window: .seconds(3600)).isAllowed
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(allowed == 50)
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `a place that is given back can be taken again, and nothing more than was taken`(
        kind: CacheUnderTest.Kind
    )
        async throws
    {
        try await CacheUnderTest.run(kind) { test in
            func hit() async throws -> Bool { try await test.cache.increment("a", in: .rateLimits, limit: 2, window: .seconds(600)).isAllowed }
            try await test.cache.giveBack("a", in: .rateLimits)
            #expect(try await hit())
            #expect(try await hit())
            #expect(try await !hit())
            try await test.cache.giveBack("a", in: .rateLimits)
            #expect(try await hit())
            #expect(try await !hit())
            for _ in 0..<5 { try await test.cache.giveBack("a", in: .rateLimits) }
            let window = try await test.cache.increment("a", in: .rateLimits, limit: 2, window: .seconds(600))
            #expect(window.isAllowed && window.remaining == 1)
            try await test.cache.set("v", in: .rateLimits, to: value, for: .seconds(60))
            try await test.cache.giveBack("v", in: .rateLimits)
            #expect(try await test.cache.get("v", in: .rateLimits) == value)
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `a value is replaced only where there is one`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            #expect(try await !test.cache.replace("a", in: .sessions, with: value, for: .seconds(60)))
            #expect(try await test.cache.get("a", in: .sessions) == nil)
            try await test.cache.set("a", in: .sessions, to: [1], for: .seconds(60))
            #expect(try await test.cache.replace("a", in: .sessions, with: value, for: .seconds(60)))
            #expect(try await test.cache.get("a", in: .sessions) == value)
            try await test.cache.delete("a", in: .sessions)
            #expect(try await !test.cache.replace("a", in: .sessions, with: value, for: .seconds(60)))
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `a count and a value under one key do not harm each other's askers`(kind: CacheUnderTest.Kind)
        async throws
    {
        try await CacheUnderTest.run(kind) { test in
            _ = try await test.cache.increment("a", in: .queries, limit: 5, window: .seconds(60))
            #expect(try await test.cache.get("a", in: .queries) == nil)
            try await test.cache.set("a", in: .queries, to: value, for: .seconds(60))
            #expect(try await test.cache.increment("a", in: .queries, limit: 5, window: .seconds(60)).remaining == 4)
        }
    }

    @Test(arguments: CacheUnderTest.Kind.allCases) func `who listens hears, on this channel alone`(kind: CacheUnderTest.Kind) async throws {
        try await CacheUnderTest.run(kind) { test in
            let one = test.cache.messages(on: "a")
            let two = test.cache.messages(on: "a")
            try await waitUntil("it listens") { test.isListening("a") }
            test.cache.publish([1], on: "b")
            test.cache.publish([2], on: "a")
            test.cache.publish([], on: "a")
            for stream in [one, two] {
                var messages = stream.makeAsyncIterator()
                #expect(await messages.next() == [2])
                #expect(await messages.next() == [])
            }
        }
    }
}
