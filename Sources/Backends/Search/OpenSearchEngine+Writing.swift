// Putting documents into an OpenSearch.

extension OpenSearchEngine {
    /// How much goes in one request.
    private static let chunk = (documents: 100, bytes: 10 << 20)

    public func update(_ documents: [SearchDocument], removing removed: [String]) async throws(SearchUnavailable) {
        guard !documents.isEmpty || !removed.isEmpty else { return }
        try await locked {
            var index = try await self.current()
            if index == nil { index = try await self.makeFirst() }
            try await self.write(documents, removing: removed, to: index!)
        }
    }

    public func rebuild(_ documents: some AsyncSequence<[SearchDocument], any Error> & Sendable) async throws {
        try await exclusively {
            let old = try await self.aliased()
            // What a rebuild that died left behind is nobody's.
            for name in try await self.indexes() where !old.contains(name) { try await self.delete(name) }
            let index = try await self.make()
            do {
                for try await some in documents { try await self.write(some, removing: [], to: index) }
                try await self.finish(index)
                try await self.point(to: index, from: old)
            } catch {
                // In a task of its own: when this one was cancelled, nothing can be asked in it any more.
                await Task { try? await self.delete(index) }.value
                throw error
            }
            for name in old { try await self.delete(name) }
        }
    }

    private func locked(_ body: @escaping @Sendable () async throws -> Void) async throws(SearchUnavailable) {
        do { try await exclusively(body) } catch let error as SearchUnavailable { throw error } catch {
            throw SearchUnavailable("OpenSearch can not be written to now: \(error)")
        }
    }

    // MARK: Indexes

    private var alias: String { client.location.alias }

    /// The indexes behind the alias: one, or none before the first writing.
    private func aliased() async throws(SearchUnavailable) -> [String] {
        try await names("/_alias/\(alias)")
    }

    /// All that were made for the alias.
    private func indexes() async throws(SearchUnavailable) -> [String] {
        try await names("/\(alias)-*").filter { name in
            let suffix = name.dropFirst(alias.utf8.count + 1)
            return suffix.utf8.count == 10 && suffix.allSatisfy(\.isHexDigit)
        }
    }

    private func names(_ path: String) async throws(SearchUnavailable) -> [String] {
        struct Anything: Decodable {}
        let answer = try await client.ask("list its indexes", "GET", path, timeout: writeTimeout, retries: 1, accepting: [404])
        guard answer.status != 404 else { return [] }
        return try client.decode("list its indexes", [String: Anything].self, answer.body).keys.sorted()
    }

    private func current() async throws(SearchUnavailable) -> String? {
        let names = try await aliased()
        guard names.count < 2 else { throw SearchUnavailable("OpenSearch has several indexes behind \(alias): rebuild the search index") }
        return names.first
    }

    private func make() async throws(SearchUnavailable) -> String {
        let digits = String(UInt64.random(in: 0..<1 << 40), radix: 16)
        let name = alias + "-" + String(repeating: "0", count: 10 - digits.utf8.count) + digits
        let body = OpenSearchClient.json(OpenSearchIndex.creation(shards: client.location.shards))
        try await done("make an index", "PUT", "/\(name)", body: body)
        return name
    }

    private func makeFirst() async throws(SearchUnavailable) -> String {
        let index = try await make()
        try await finish(index)
        try await point(to: index, from: [])
        return index
    }

    /// Makes what was written visible, and from now on within a second.
    private func finish(_ index: String) async throws(SearchUnavailable) {
        let settings = OpenSearchClient.json([
            "index": ["number_of_replicas": client.location.replicas, "refresh_interval": "1s"] as [String: Any]
        ])
        try await done("set up an index", "PUT", "/\(index)/_settings", body: settings)
        try await refresh(index)
    }

    func refresh(_ index: String? = nil) async throws(SearchUnavailable) {
        _ = try await client.ask("refresh", "POST", "/\(index ?? alias)/_refresh", timeout: writeTimeout)
    }

    /// All in one step: whoever searches meanwhile finds the old one or the new one.
    private func point(to index: String, from old: [String]) async throws(SearchUnavailable) {
        let removals = old.map { ["remove": ["index": $0, "alias": alias]] }
        let actions = OpenSearchClient.json(["actions": removals + [["add": ["index": index, "alias": alias]]]])
        try await done("replace its index", "POST", "/_aliases", body: actions)
    }

    /// Asks for a change that is answered by a word that it was made.
    private func done(_ task: String, _ method: String, _ path: String, body: [UInt8]) async throws(SearchUnavailable) {
        struct Outcome: Decodable { let acknowledged: Bool }
        let answer = try await client.ask(task, method, path, body: body, timeout: writeTimeout)
        guard try client.decode(task, Outcome.self, answer.body).acknowledged else { throw SearchUnavailable("OpenSearch could not \(task) in time") }
    }

    private func delete(_ index: String) async throws(SearchUnavailable) {
        _ = try await client.ask("delete an index", "DELETE", "/\(index)", timeout: writeTimeout, accepting: [404])
    }

    // MARK: Documents

    private func write(_ documents: [SearchDocument], removing removed: [String], to index: String) async throws(SearchUnavailable) {
        var body: [UInt8] = []
        var count = 0
        for document in documents {
            let source = OpenSearchClient.json(OpenSearchIndex.source(of: document))
            if count == Self.chunk.documents || count > 0 && body.count + source.count > Self.chunk.bytes {
                try await send(body, to: index)
                (body, count) = ([], 0)
            }
            body += OpenSearchClient.json(["index": ["_id": document.id]]) + [UInt8(ascii: "\n")] + source + [UInt8(ascii: "\n")]
            count += 1
        }
        for id in removed {
            if count == Self.chunk.documents {
                try await send(body, to: index)
                (body, count) = ([], 0)
            }
            body += OpenSearchClient.json(["delete": ["_id": id]]) + [UInt8(ascii: "\n")]
            count += 1
        }
        if count > 0 { try await send(body, to: index) }
    }

    private func send(_ body: [UInt8], to index: String) async throws(SearchUnavailable) {
        struct Outcome: Decodable {
            struct Item: Decodable {
                struct Failure: Decodable { let type: String? }
                let status: Int
                let error: Failure?
            }
            let errors: Bool
            let items: [[String: Item]]
        }
        let answer = try await client.ask("take documents", "POST", "/\(index)/_bulk", body: body, lines: true, timeout: writeTimeout, retries: 1)
        let outcome = try client.decode("take documents", Outcome.self, answer.body)
        // To take out what is not there is no error.
        let failed = outcome.items.flatMap { item in item.filter { $0.value.status >= 300 && !($0.key == "delete" && $0.value.status == 404) } }
        if let first = failed.first {
            throw SearchUnavailable("OpenSearch could not take \(failed.count) documents: \(first.value.status) \(first.value.error?.type ?? "")")
        }
    }
}
