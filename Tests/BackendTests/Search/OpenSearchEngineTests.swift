import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Against a real server that speaks the protocol.
@Suite struct OpenSearchEngineTests {
    private static let fetcher = LiveFetcher(connectTimeout: .seconds(60))

    /// An engine on an alias of its own, patient: the machine has much else to do.
    private static func engine(options: String = "", exclusively: @escaping OpenSearchEngine.Exclusively = { try await $0() }) async throws
        -> OpenSearchEngine
    {
        let location = try await OpenSearchLocation(OpenSearchServer.shared().location(options: options))
        return OpenSearchEngine(location, fetcher: fetcher, exclusively: exclusively, timeout: .seconds(20))
    }

    private static func stream(_ batches: [[SearchDocument]], error: (any Error)? = nil) -> AsyncThrowingStream<[SearchDocument], any Error> {
        AsyncThrowingStream { continuation in
            for batch in batches { continuation.yield(batch) }
            continuation.finish(throwing: error)
        }
    }

    private static func document(_ name: String, _ summary: String = "", createdAt: Int64 = 1_700_000_000_000_000) -> SearchDocument {
        SearchDocument(id: name.lowercased(), name: name, version: "1.0", summary: summary, createdAt: createdAt)
    }

    private static func indexes(_ engine: OpenSearchEngine) async throws -> [String] {
        let answer = try await engine.client.ask("list", "GET", "/\(engine.client.location.alias)-*", timeout: .seconds(20), accepting: [404])
        guard answer.status == 200 else { return [] }
        return try (JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])?.keys.sorted() ?? []
    }

    @Test func `people find what they look for`() async throws {
        let engine = try await Self.engine()
        try await engine.rebuild(Self.stream([SearchCorpus.documents]))
        var complaints: [String] = []
        for question in SearchQuestion.all { complaints += try await question.complaints(about: engine) }
        #expect(complaints == [])
    }

    private static func names(_ engine: OpenSearchEngine, _ text: String = "") async throws -> [String] {
        try await engine.refresh()
        return try await engine.search(SearchQuery(text)).hits.map(\.name).sorted()
    }

    // MARK: Writing

    @Test func `the first update makes what it needs, later ones change it`() async throws {
        let engine = try await Self.engine()
        try await engine.update([Self.document("Alpha", "first"), Self.document("beta")], removing: ["never-was"])
        #expect(try await Self.names(engine) == ["Alpha", "beta"])
        try await engine.update([Self.document("alpha", "second")], removing: ["beta"])
        #expect(try await Self.names(engine) == ["alpha"])
        #expect(try await Self.names(engine, "first") == [])
        #expect(try await Self.indexes(engine).count == 1)
        try await engine.update([], removing: [])
    }

    @Test func `after a rebuild exactly the documents given are found, in an index of their own`() async throws {
        let engine = try await Self.engine(options: "shards=2&replicas=0")
        try await engine.rebuild(Self.stream([[Self.document("one"), Self.document("two")]]))
        let before = try await Self.indexes(engine)
        // More than go in one request.
        let many = (0..<350).map { Self.document("many-\($0)", "several") }
        try await engine.rebuild(Self.stream([many, [], [Self.document("two")]]))
        let after = try await Self.indexes(engine)
        #expect(before.count == 1)
        #expect(after.count == 1)
        #expect(before != after)
        let results = try await engine.search(SearchQuery("several", page: 18))
        #expect(results.total == 350)
        #expect(results.pageCount == 18)
        #expect(results.hits.count == 10)
        #expect(try await engine.search(SearchQuery("one")).hits.isEmpty)
    }

    private struct Broken: Error {}

    @Test func `a rebuild that fails loses nothing and leaves nothing behind`() async throws {
        let engine = try await Self.engine()
        try await engine.rebuild(Self.stream([[Self.document("one")]]))
        let before = try await Self.indexes(engine)
        await #expect(throws: Broken.self) { try await engine.rebuild(Self.stream([[Self.document("two")]], error: Broken())) }
        #expect(try await Self.indexes(engine) == before)
        #expect(try await Self.names(engine) == ["one"])
    }

    @Test func `what a rebuild that died left behind goes with the next one`() async throws {
        let engine = try await Self.engine()
        let alias = engine.client.location.alias
        try await engine.rebuild(Self.stream([[Self.document("one")]]))
        for name in ["\(alias)-0123456789", "\(alias)-of-others"] {
            _ = try await engine.client.ask("make", "PUT", "/\(name)", timeout: .seconds(20))
        }
        try await engine.rebuild(Self.stream([[Self.document("two")]]))
        let indexes = try await Self.indexes(engine)
        #expect(!indexes.contains("\(alias)-0123456789"))
        #expect(indexes.contains("\(alias)-of-others"))
        #expect(indexes.count == 2)
    }

    @Test func `whoever writes does so under the lock`() async throws {
        let held = Mutex(0)
        let engine = try await Self.engine { body in
            held.withLock { $0 += 1 }
            try await body()
        }
        try await engine.rebuild(Self.stream([[Self.document("one")]]))
        try await engine.update([Self.document("two")], removing: [])
        _ = try await engine.search(SearchQuery("one"))
        #expect(held.withLock { $0 } == 2)
        let refused = try await Self.engine { _ in throw Broken() }
        await #expect(throws: SearchUnavailable.self) { try await refused.update([Self.document("two")], removing: []) }
        #expect(try await Self.indexes(refused) == [])
    }

    @Test func `names are completed, the shortest first`() async throws {
        let engine = try await Self.engine()
        try await engine.rebuild(Self.stream([SearchCorpus.documents]))
        #expect(try await engine.complete("djang", limit: 3) == ["Django", "django-cms", "django-mptt"])
        #expect(try await engine.complete("PYTEST_", limit: 2) == ["pytest", "pytest-cov"])
        #expect(try await engine.complete("nonesuch", limit: 5) == [])
        #expect(try await engine.complete("*", limit: 5) == [])
    }

    @Test func `a result says what it is`() async throws {
        let engine = try await Self.engine()
        try await engine.update([Self.document("Some.Thing", "Parsing <b>XML</b>", createdAt: 1_234_567_890_123_456)], removing: [])
        try await engine.refresh()
        let hit = try #require(try await engine.search(SearchQuery("xml")).hits.first)
        #expect(hit.name == "Some.Thing")
        #expect(hit.createdAt == 1_234_567_890_123_456)
        #expect(hit.summary == [.init("Parsing <b>", isMatch: false), .init("XML", isMatch: true), .init("</b>", isMatch: false)])
    }

    @Test func `the last page that can be asked for is answered`() async throws {
        let engine = try await Self.engine()
        try await engine.update([Self.document("one")], removing: [])
        let results = try await engine.search(SearchQuery("", page: 500))
        #expect(results.hits.isEmpty)
    }

    // MARK: Failing

    private static func broken(_ answers: [StubFetcher.Answer]) throws -> (OpenSearchEngine, StubFetcher) {
        let stub = StubFetcher(answers)
        return (OpenSearchEngine(try OpenSearchLocation("opensearch+http://user:secret@search.example/things"), fetcher: stub), stub)
    }

    private static func answer(_ status: Int, _ body: String) -> StubFetcher.Answer {
        .success(HTTPFetchResponse(status: status, body: Array(body.utf8)))
    }

    @Test func `no index yet is an error of one type`() async throws {
        let engine = try await Self.engine()
        await #expect(throws: SearchUnavailable.self) { try await engine.search(SearchQuery("a")) }
        await #expect(throws: SearchUnavailable.self) { try await engine.complete("a", limit: 1) }
    }

    @Test(arguments: [
        answer(500, "{}"), answer(400, #"{"error":{"type":"parse_exception","reason":"private words"}}"#), answer(401, ""), answer(200, "not JSON"),
        answer(200, "{}"), answer(200, #"{"timed_out":true,"hits":{"total":{"value":0},"hits":[]}}"#), .failure(.timedOut(.seconds(1))),
        .failure(.notConnected("refused")), .failure(.interrupted("gone")), .failure(.tooLarge(limit: 1)),
    ])
    func `whatever goes wrong is an error of one type that tells no secret`(answer: StubFetcher.Answer) async throws {
        let (engine, _) = try Self.broken([answer])
        let error = await #expect(throws: SearchUnavailable.self) { try await engine.search(SearchQuery("private words")) }
        #expect(error?.description.contains("private") == false)
        #expect(error?.description.contains("secret") == false)
        await #expect(throws: SearchUnavailable.self) { try await engine.update([Self.document("a")], removing: []) }
        await #expect(throws: SearchUnavailable.self) { try await engine.rebuild(Self.stream([])) }
    }

    @Test(arguments: [answer(503, "{}"), answer(429, "{}"), .failure(.timedOut(.seconds(1))), .failure(.notConnected("refused"))])
    func `a search is tried once more when the server is busy`(answer: StubFetcher.Answer) async throws {
        let good = Self.answer(200, #"{"timed_out":false,"hits":{"total":{"value":1},"hits":[{"_source":{"name":"a","compact_name":"a"}}]}}"#)
        let (engine, stub) = try Self.broken([answer, good])
        #expect(try await engine.search(SearchQuery("a")).hits.count == 1)
        #expect(stub.requests.count == 2)
        #expect(stub.requests[0]["Authorization"] == "Basic dXNlcjpzZWNyZXQ=")
        #expect(stub.requests[0].url == "http://search.example:9200/things/_search")
        #expect(stub.requests[0].timeout == .seconds(1))
        let (twice, again) = try Self.broken([answer])
        await #expect(throws: SearchUnavailable.self) { try await twice.search(SearchQuery("a")) }
        #expect(again.requests.count == 2)
    }

    @Test func `documents that are refused are an error`() async throws {
        let index = Self.answer(200, #"{"things-0123456789":{"aliases":{"things":{}}}}"#)
        let refused = Self.answer(200, #"{"errors":true,"items":[{"index":{"status":400,"error":{"type":"mapper_parsing_exception"}}}]}"#)
        let (engine, _) = try Self.broken([index, refused])
        let error = await #expect(throws: SearchUnavailable.self) { try await engine.update([Self.document("a")], removing: []) }
        #expect(error?.description.contains("mapper_parsing_exception") == true)
        let gone = Self.answer(200, #"{"errors":true,"items":[{"delete":{"status":404}}]}"#)
        let (other, _) = try Self.broken([index, gone])
        try await other.update([], removing: ["a"])
    }

    // MARK: Where it is

    @Test func `a location says what it says`() throws {
        let location = try OpenSearchLocation("opensearch+https://me:p%40ss@host.example:9201/my-index_1?shards=3&replicas=2")
        #expect(location.base == "https://host.example:9201")
        #expect(location.alias == "my-index_1")
        #expect((location.shards, location.replicas) == (3, 2))
        #expect(location.authorization == "Basic bWU6cEBzcw==")
        let short = try OpenSearchLocation("opensearch+http://localhost")
        #expect(short.base == "http://localhost:9200")
        #expect(short.alias == "emporium")
        #expect(short.authorization == nil)
    }

    @Test(arguments: [
        "", "http://host/a", "opensearch+ftp://host/a", "opensearch+http:///a", "opensearch+http://host/a/b", "opensearch+http://host/UPPER",
        "opensearch+http://host/_all", "opensearch+http://host/-a", "opensearch+http://host/a%2Cb", "opensearch+http://host/a*",
        "opensearch+http://host/a?shards=0", "opensearch+http://host/a?shards=x", "opensearch+http://host/a?colour=red",
        "opensearch+http://host/a?replicas",
    ])
    func `a location that makes no sense is refused`(text: String) {
        #expect(throws: InvalidOpenSearchLocation.self) { try OpenSearchLocation(text) }
    }
}
