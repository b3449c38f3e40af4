// Search by an OpenSearch.

/// Keeps documents in an OpenSearch, behind an alias whose index is replaced as a whole by ``rebuild(_:)`` (platform §7.6).
public struct OpenSearchEngine: SearchEngine {
    /// Runs something while nobody else who uses the same lock does, in this process or another; throws when it can not be had in time.
    public typealias Exclusively = @Sendable (_ body: @Sendable () async throws -> Void) async throws -> Void

    let client: OpenSearchClient
    let exclusively: Exclusively
    let timeout: Duration
    let writeTimeout: Duration

    /// - Parameters:
    ///   - fetcher: may reach the OpenSearch's address.
    ///   - exclusively: the lock for all writing. Without one, what is updated during a rebuild may be lost.
    ///   - timeout: for each attempt of a search; there are two.
    ///   - writeTimeout: for each request that writes.
    public init(
        _ location: OpenSearchLocation,
        fetcher: any HTTPFetching,
        exclusively: @escaping Exclusively = { try await $0() },
        timeout: Duration = .seconds(1),
        writeTimeout: Duration = .seconds(30)
    ) {
        client = OpenSearchClient(location: location, fetcher: fetcher)
        self.exclusively = exclusively
        self.timeout = timeout
        self.writeTimeout = writeTimeout
    }

    private struct Found: Decodable {
        struct Hits: Decodable {
            struct Total: Decodable { let value: Int }
            struct Hit: Decodable { let _source: Source }
            let total: Total?
            let hits: [Hit]
        }
        struct Source: Decodable {
            let name: String
            let version: String?
            let summary: String?
            let created_at: Int64?
            let compact_name: String?
        }
        let timed_out: Bool
        let hits: Hits
    }

    public func search(_ query: SearchQuery) async throws(SearchUnavailable) -> SearchResults {
        let found = try await ask(OpenSearchIndex.search(query))
        let hits = found.hits.hits.map { hit in
            let source = hit._source
            return SearchHit(
                name: source.name,
                version: source.version ?? "",
                summary: source.summary ?? "",
                createdAt: source.created_at ?? 0,
                for: query
            )
        }
        let total = found.hits.total?.value ?? 0
        // What many documents have is a word, and nobody's mistake.
        let isNamed = found.hits.hits.contains { $0._source.compact_name == query.compactForm }
        let suggestion = isNamed || total > 5 * SearchQuery.pageSize ? nil : try await suggestion(query.compactForm)
        return SearchResults(hits: hits, found: total, suggestion: suggestion)
    }

    /// The name that is the nearest to what was typed, when none is it.
    private func suggestion(_ compact: String) async throws(SearchUnavailable) -> String? {
        let tolerance = OpenSearchIndex.tolerance(of: compact)
        guard tolerance > 0 else { return nil }
        let alike = try await ask(OpenSearchIndex.alike(compact)).hits.hits.map { hit in
            (name: hit._source.name, distance: EditDistance.between(hit._source.compact_name ?? "", compact))
        }
        guard !alike.contains(where: { $0.distance == 0 }) else { return nil }
        return alike.filter { $0.distance <= tolerance }.min { $0.distance < $1.distance }?.name
    }

    public func complete(_ prefix: String, limit: Int) async throws(SearchUnavailable) -> [String] {
        let name = SearchWord.words(of: prefix.prefix(SearchQuery.textLimit)).map(\.folded).joined(separator: "-")
        guard !name.isEmpty, limit > 0 else { return [] }
        return try await ask(OpenSearchIndex.completion(name, limit: min(limit, 50))).hits.hits.map(\._source.name)
    }

    private func ask(_ body: [String: Any]) async throws(SearchUnavailable) -> Found {
        let path = "/\(client.location.alias)/_search"
        let answer = try await client.ask("search", "POST", path, body: OpenSearchClient.json(body), timeout: timeout, retries: 1)
        let found = try client.decode("search", Found.self, answer.body)
        // What it found until then is not what was asked for.
        guard !found.timed_out else { throw SearchUnavailable("OpenSearch could not search: it took too long") }
        return found
    }
}
