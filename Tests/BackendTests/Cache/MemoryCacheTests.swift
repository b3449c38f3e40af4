import Backends
import Testing

@Suite struct MemoryCacheTests {
    @Test func `it never takes more than it may, and throws out what was not asked for the longest`() async throws {
        let clock = TestClock()
        let cache = MemoryCache(limit: 100_000) { clock.now }
        let value = Array(repeating: UInt8(1), count: 1000)
        for number in 0..<1000 {
            try await cache.set("\(number)", in: .queries, to: value, for: .seconds(60))
            // Asked for all the time.
            #expect(try await cache.get("0", in: .queries) == value)
            #expect(cache.bytes <= 100_000)
        }
        #expect(try await cache.get("999", in: .queries) == value)
        #expect(try await cache.get("500", in: .queries) == nil)
        await #expect(throws: CacheError.tooLarge(limit: 50_000)) {
            try await cache.set("large", in: .queries, to: Array(repeating: 1, count: 50_001), for: .seconds(60))
        }
    }

    @Test func `what has expired goes first`() async throws {
        let clock = TestClock()
        let cache = MemoryCache(limit: 10_000) { clock.now }
        let value = Array(repeating: UInt8(1), count: 1000)
        try await cache.set("old", in: .queries, to: value, for: .seconds(60))
        for number in 0..<5 { try await cache.set("short-\(number)", in: .queries, to: value, for: .seconds(1)) }
        clock.pass(.seconds(2))
        for number in 0..<6 { try await cache.set("new-\(number)", in: .queries, to: value, for: .seconds(60)) }
        #expect(try await cache.get("old", in: .queries) == value)
    }

    @Test func `windows count as bytes too`() async throws {
        let cache = MemoryCache(limit: 50_000)
        for number in 0..<2000 { _ = try await cache.increment("\(number)", in: .rateLimits, limit: 5, window: .seconds(60)) }
        #expect(cache.bytes <= 50_000)
    }
}
