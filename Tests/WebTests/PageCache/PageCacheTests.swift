import HTTPTypes
import NIOCore
import Packaging
import Registry
import Synchronization
import Testing

@testable import Web

/// Counts calls.
private final class Count: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

struct PageCacheTests {
    private let cache = PageCache(limit: 100_000, negativeLimit: 3)

    private func tag(_ name: String) -> CacheTag { .project(NormalizedName(normalizing: name)) }

    private func key(_ name: String, format: UInt8 = 0, coding: ContentCoding = .identity) -> PageCache.Key {
        PageCache.Key(
            target: "/simple/\(name)/",
            variant: PageCache.Variant(format: format, coding: coding),
            variation: PageCache.Variation(by: .accept, byCoding: true),
            tags: [tag(name), .allProjects]
        )
    }

    private func page(_ text: String, serial: Int64 = 1, status: Int = 200) throws -> CachedResponse {
        var response = WebResponse.text(text, status: status)
        response.headers[.lastSerial] = String(serial)
        return try #require(CachedResponse(response, route: 0))
    }

    private func body(_ response: CachedResponse) -> String { response.buffers.map { String(buffer: $0) }.joined() }

    private func find(_ name: String, format: UInt8 = 0, coding: ContentCoding = .identity) -> CachedResponse? {
        Array("/simple/\(name)/".utf8).withUnsafeBytes { cache.find($0, format: { format }, language: { nil }, coding: { coding }) }
    }

    @Test func `a page is made once, however many ask for it at once`() async throws {
        let made = Count()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    body(
                        try await cache.response(for: key("demo")) {
                            _ = made.next()
                            for await _ in gate { break }
                            return try page("one")
                        }
                    )
                }
            }
            while cache.counts.misses == 0 { await Task.yield() }
            open.finish()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: "one", count: 50))
        #expect(made.next() == 2)
        #expect(find("demo").map(body) == "one")
    }

    @Test func `variants of a page are kept apart and dropped together`() async throws {
        for format in UInt8(0)...2 {
            for coding in ContentCoding.allCases {
                _ = try await cache.response(for: key("demo", format: format, coding: coding)) { try page("\(format) \(coding)") }
            }
        }
        for format in UInt8(0)...2 {
            for coding in ContentCoding.allCases { #expect(find("demo", format: format, coding: coding).map(body) == "\(format) \(coding)") }
        }
        cache.drop(.tags([tag("other")]))
        #expect(find("demo") != nil)
        cache.drop(.tags([tag("demo")]))
        for format in UInt8(0)...2 {
            for coding in ContentCoding.allCases { #expect(find("demo", format: format, coding: coding) == nil) }
        }
        #expect(cache.counts.bytes == 0)
    }

    @Test func `what was read before a change goes to those who waited, is not kept, and nobody joins it`() async throws {
        let (reading, hasRead) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        async let old = cache.response(for: key("demo")) {
            hasRead.finish()
            for await _ in gate { break }
            return try page("old")
        }
        for await _ in reading { break }
        cache.drop(.tags([tag("demo")]))
        let new = try await cache.response(for: key("demo")) { try page("new", serial: 2) }
        #expect(body(new) == "new")
        open.finish()
        #expect(body(try await old) == "old")
        #expect(find("demo").map(body) == "new")
    }

    @Test func `two formats of a page never show different serials`() async throws {
        _ = try await cache.response(for: key("demo", format: 0)) { try page("html 1", serial: 1) }
        _ = try await cache.response(for: key("demo", format: 2)) { try page("json 2", serial: 2) }
        #expect(find("demo", format: 0) == nil, "the older format went with the newer one's arrival")
        let attempts = Count()
        let answer = try await cache.response(for: key("demo", format: 0)) {
            attempts.next() == 1 ? try page("html 1", serial: 1) : try page("html 2", serial: 2)
        }
        #expect(body(answer) == "html 2", "what is older than what others have seen is made again")
    }

    @Test func `an error goes to everybody who waited and is not kept`() async throws {
        struct Broken: Error {}
        await #expect(throws: Broken.self) { _ = try await cache.response(for: key("demo")) { throw Broken() } }
        #expect(find("demo") == nil)
        #expect(body(try await cache.response(for: key("demo")) { try page("fine") }) == "fine")
    }

    @Test func `when the one who makes a page goes away, another one makes it`() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await cache.response(for: key("demo")) {
                for await _ in gate { break }
                try Task.checkCancellation()
                return try page("first")
            }
        }
        while cache.counts.misses == 0 { await Task.yield() }
        let second = Task { try await cache.response(for: key("demo")) { try page("second") } }
        first.cancel()
        open.finish()
        #expect(body(try await second.value) == "second")
    }

    @Test func `the bytes that are kept stay within the limit, and what is asked for often outlives what is not`() async throws {
        let text = String(repeating: "x", count: 4000)
        _ = try await cache.response(for: key("often")) { try page(text) }
        for number in 0..<200 {
            _ = try await cache.response(for: key("p\(number)")) { try page(text) }
            #expect(find("often") != nil)
            #expect(cache.counts.bytes <= 100_000)
        }
        #expect(find("p0") == nil)
        #expect(find("p199") != nil)
        #expect(cache.counts.evictions > 150)
    }

    @Test func `a page that would push out all others is not kept`() async throws {
        let big = try await cache.response(for: key("big")) { try page(String(repeating: "x", count: 60_000)) }
        #expect(big.length == 60_000)
        #expect(find("big") == nil)
    }

    @Test func `names that do not exist push out each other, never pages`() async throws {
        _ = try await cache.response(for: key("demo")) { try page("here") }
        for number in 0..<100 { _ = try await cache.response(for: key("no\(number)")) { try page("gone", status: 404) } }
        #expect(find("demo") != nil)
        #expect(find("no99") != nil)
        #expect(find("no90") == nil)
        #expect(cache.counts.pages <= 5)
    }

    @Test func `long names that do not exist push out no page either`() async throws {
        let cache = PageCache(limit: 100_000)
        func key(_ target: String) -> PageCache.Key {
            PageCache.Key(
                target: target,
                variant: PageCache.Variant(format: 0, coding: .identity),
                variation: PageCache.Variation(by: .accept, byCoding: true),
                tags: [tag(target)]
            )
        }
        _ = try await cache.response(for: key("/simple/demo/")) { try page("here") }
        for number in 0..<100 {
            _ = try await cache.response(for: key("/simple/\(number)\(String(repeating: "n", count: 5000))/")) { try page("gone", status: 404) }
        }
        let kept = Array("/simple/demo/".utf8).withUnsafeBytes { cache.find($0, format: { 0 }, language: { nil }, coding: { .identity }) }
        #expect(kept.map(body) == "here")
        #expect(cache.counts.pages > 1, "some of them are kept")
        cache.drop(.everything)
        #expect(cache.counts.bytes == 0)
    }

    @Test func `a name that is taken drops the page that said it was free`() async throws {
        _ = try await cache.response(for: key("demo")) { try page("gone", status: 404) }
        cache.drop(.tags([tag("demo")]))
        #expect(find("demo") == nil)
    }

    @Test func `when nobody knows what changed, everything goes that can change`() async throws {
        _ = try await cache.response(for: key("demo")) { try page("one") }
        let file = PageCache.Key(
            target: "/packages/x",
            variant: PageCache.Variant(format: 0, coding: .identity),
            variation: PageCache.Variation(by: .nothing, byCoding: false),
            tags: []
        )
        _ = try await cache.response(for: file) { try page("bytes") }
        cache.drop(.everything)
        #expect(find("demo") == nil)
        let kept = Array("/packages/x".utf8).withUnsafeBytes { cache.find($0, format: { 2 }, language: { nil }, coding: { .gzip }) }
        #expect(kept.map(body) == "bytes", "whatever the client accepts")
    }

    @Test func `many drops leave no trace behind`() async throws {
        for _ in 0..<5000 {
            _ = try await cache.response(for: key("demo")) { try page("one") }
            cache.drop(.tags([.allProjects]))
        }
        #expect(cache.counts.bytes == 0)
        #expect(cache.counts.pages == 0)
    }
}
