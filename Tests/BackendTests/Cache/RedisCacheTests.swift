// What only the shared cache does.

import Backends
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct RedisCacheTests {
    private let value = Array("a value".utf8)

    private func withCache(_ body: (RedisServer, RedisClient, RedisCache) async throws -> Void) async throws {
        try await withFolder { folder in
            let server = try await RedisServer(in: folder)
            let client = try server.client()
            defer { client.close() }
            try await body(server, client, RedisCache(client, index: "one"))
        }
    }

    @Test func `garbage under our keys is nothing`() async throws {
        try await withCache { _, client, cache in
            let place: RedisWord = "emporium:one:sessions:a"
            try await cache.set("a", in: .sessions, to: value, for: .seconds(60))
            let frame = try #require(try await client.run(RedisCommand(["GET", place])).bytes)
            #expect(frame.count == value.count + 5)
            var garbage: [[UInt8]] = [[], [1], Array("hello".utf8), value, frame.dropLast(), frame + [0], [2] + frame.dropFirst()]
            // Every single bit counts.
            for place in frame.indices { garbage.append(frame.enumerated().map { $0.offset == place ? $0.element ^ 0x10 : $0.element }) }
            for bytes in garbage {
                _ = try await client.run(RedisCommand(["SET", place, RedisWord(bytes)]))
                #expect(try await cache.get("a", in: .sessions) == nil)
            }
            // Right, but another key's.
            _ = try await client.run(RedisCommand(["SET", "emporium:one:sessions:b", RedisWord(frame)]))
            #expect(try await cache.get("b", in: .sessions) == nil)
            // More than a connection would take.
            _ = try await client.run(RedisCommand(["SETRANGE", place, RedisWord(100 << 20), "x"]))
            #expect(try await cache.get("a", in: .sessions) == nil)
            _ = try await client.run(RedisCommand(["DEL", place]))
            _ = try await client.run(RedisCommand(["HSET", place, "x", "y"]))
            #expect(try await cache.get("a", in: .sessions) == nil)
            try await cache.set("a", in: .sessions, to: value, for: .seconds(60))
            #expect(try await cache.get("a", in: .sessions) == value)
        }
    }

    @Test func `garbage where we count is counted from nothing`() async throws {
        try await withCache { _, client, cache in
            let place: RedisWord = "emporium:one:rate_limits:a"
            for command: [RedisWord] in [
                ["SET", place, "hello"], ["RPUSH", place, "x", "y"], ["HSET", place, "x", "y"], ["RPUSH", place, "99999999999999999"],
                ["RPUSH", place, "-5"],
            ] {
                _ = try await client.run(RedisCommand(["DEL", place]))
                _ = try await client.run(RedisCommand(command))
                #expect(try await cache.increment("a", in: .rateLimits, limit: 3, window: .seconds(60)).remaining == 2)
            }
            // Nothing stays for ever.
            #expect(try await client.run(RedisCommand(["PTTL", place])).integer ?? 0 > 0)
        }
    }

    @Test func `garbage on our channel is not heard`() async throws {
        try await withCache { _, client, cache in
            let heard = cache.messages(on: "news")
            try await waitUntil("it listens") { cache.isListening(to: "news") }
            for text: RedisWord in ["", "hello", "\u{1}abcdefg"] {
                _ = try await client.run(RedisCommand(["PUBLISH", "emporium:one:channel:news", text]))
            }
            cache.publish([7], on: "news")
            var messages = heard.makeAsyncIterator()
            #expect(await messages.next() == [7])
        }
    }

    @Test func `two indexes do not share by mistake`() async throws {
        try await withCache { server, _, cache in
            let client = try server.client()
            defer { client.close() }
            let other = RedisCache(client, index: "two")
            try await cache.claim()
            try await cache.claim()
            do throws(CacheError) {
                try await other.claim()
                Issue.record("both have it")
            } catch {
                guard case .takenByAnotherIndex = error else { throw ProgramError(description: "\(error)") }
                #expect(error.description.contains("emporium:owner names one, this index is two"))
                #expect(error.description.contains("prefix=NAME"))
                #expect(!error.description.contains(RedisServer.password))
            }
            // Even so they never see each other's values.
            try await cache.set("a", in: .sessions, to: value, for: .seconds(60))
            #expect(try await other.get("a", in: .sessions) == nil)
            for url in [server.url(database: 1), server.url(options: "prefix=two:")] {
                let apart = try RedisClient(RedisLocation(url), options: .patient)
                defer { apart.close() }
                let cache = RedisCache(apart, index: "two")
                try await cache.claim()
                try await cache.set("a", in: .sessions, to: [2], for: .seconds(60))
            }
            #expect(try await cache.get("a", in: .sessions) == value)
        }
    }

    @Test func `what is wrong with a server is told before it hurts`() async throws {
        try await withCache { _, client, cache in
            func set(_ name: RedisWord, _ value: RedisWord) async throws { _ = try await client.run(RedisCommand(["CONFIG", "SET", name, value])) }
            let now = Int64(Date().timeIntervalSince1970 * 1e6)
            var status = try await cache.status(now: now)
            #expect(status.clock?.isTolerable == true)
            let late = try await cache.status(now: now - 3600 * 1_000_000).clock
            #expect(late?.isTolerable == false && late?.description.contains("ahead of this machine's") == true)
            #expect(status.version.split(separator: ".").count == 3)
            #expect(status.writeFault == nil)
            #expect(status.warnings.map { $0.prefix(19) } == ["it has no maxmemory"])
            try await set("maxmemory", "100mb")
            #expect(try await cache.status(now: now).warnings.first?.contains("noeviction") == true)
            try await set("maxmemory-policy", "allkeys-lru")
            #expect(try await cache.status(now: now).warnings.first?.contains("allkeys-lru") == true)
            try await set("maxmemory-policy", "volatile-lru")
            #expect(try await cache.status(now: now).warnings.isEmpty)
            try await set("maxmemory-policy", "noeviction")
            try await set("maxmemory", "1")
            status = try await cache.status(now: now)
            #expect(status.writeFault?.hasPrefix("OOM") == true)
        }
    }

    @Test func `full it says so, gone it says that`() async throws {
        try await withCache { server, client, cache in
            try await cache.set("a", in: .sessions, to: value, for: .seconds(60))
            _ = try await client.run(RedisCommand(["CONFIG", "SET", "maxmemory", "1"]))
            do throws(CacheError) {
                try await cache.set("b", in: .sessions, to: value, for: .seconds(60))
                Issue.record("it was taken")
            } catch {
                guard case .refused = error else { throw ProgramError(description: "\(error)") }
            }
            #expect(try await cache.get("a", in: .sessions) == value)
            try await server.kill()
            do throws(CacheError) {
                _ = try await cache.get("a", in: .sessions)
                Issue.record("it answered")
            } catch {
                guard case .unavailable = error else { throw ProgramError(description: "\(error)") }
            }
            cache.publish([1], on: "news")
        }
    }
}
