import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Against a real server that speaks the protocol.
@Suite struct OpenSearchEngineTests {
    private static let fetcher = LiveFetcher()

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
}
