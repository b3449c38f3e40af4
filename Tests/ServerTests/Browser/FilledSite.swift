// An index that has something to look at.

import Backends
import Foundation
import Registry
import TestPrograms
import TestSupport
import Testing
import Web

/// A served index with one project of many parts, others that need it, and enough of them to fill two pages of a search.
struct FilledSite: Sendable {
    let test: TestIndex
    let client: WebClient
    let token: String

    /// Runs `body` on a site that is empty yet, with the user alice. Descriptions are rendered as on a real one.
    static func run(_ body: (FilledSite) async throws -> Void) async throws {
        let python = try await PythonEnvironment.interpreter("readme", requirements: "Tests/ReadmeTests/requirements.txt")
        var settings = IndexSettings()
        settings.limitsRates = false
        settings.limitsNewProjects = false
        settings.securityContact = "mailto:security@example.org"
        try await TestIndex.run(settings: settings, python: python) { test in
            try await test.user()
            let token = try await test.token()
            try await test.serve { client in try await body(FilledSite(test: test, client: client, token: token)) }
        }
    }

    var base: String { "http://127.0.0.1:\(client.port)" }

    /// A release as its author describes it, without its files.
    struct Release {
        var name: String
        var version: String
        /// As in METADATA.
        var headers: [(name: String, value: String)] = []
        var description = ""
        var type = "text/markdown"
        var members: [(path: String, content: [UInt8])] = []

        private var distribution: DistributionBuilder {
            var builder = DistributionBuilder(name, version)
            builder.headers = headers.map { "\($0.name): \($0.value)" }
            builder.members = members
            return builder
        }

        private func upload(_ file: (filename: String, bytes: [UInt8])) -> UploadBuilder {
            var upload = UploadBuilder(name, version, file: file).with("metadata_version", "2.4")
            for (name, value) in headers {
                let field = name.lowercased().replacing("-", with: "_")
                upload.fields.append((["classifier": "classifiers", "project_url": "project_urls"][field] ?? field, value))
            }
            upload.fields += [("description", description), ("description_content_type", type)]
            return upload
        }

        func wheel(tag: String = "py3-none-any") -> UploadBuilder { upload(distribution.wheel(tag: tag)) }
        func sourceDistribution() -> UploadBuilder { upload(distribution.sourceDistribution()) }
    }

    /// Uploads over HTTP.
    ///
    /// - Returns: the status line.
    func publish(_ upload: UploadBuilder) async throws -> String { try await client.upload(upload, authorization: "Bearer \(token)").statusLine }

    /// The same index on another address, where nobody can search.
    func serveWithoutSearch(_ body: (WebClient) async throws -> Void) async throws {
        let index = TestIndex.makeIndex(
            test.engine,
            test.storage,
            test.clock,
            settings: test.index.settings,
            outside: TestIndex.Outside(search: AbsentSearch())
        )
        try await test.serve(index: index, incoming: "\(test.folder)/incoming-without-search", body)
    }

    private struct AbsentSearch: SearchEngine {
        func search(_ query: SearchQuery) async throws(SearchUnavailable) -> SearchResults { throw SearchUnavailable("away") }
        func complete(_ prefix: String, limit: Int) async throws(SearchUnavailable) -> [String] { throw SearchUnavailable("away") }
        func update(_ documents: [SearchDocument], removing removed: [String]) async throws(SearchUnavailable) { throw SearchUnavailable("away") }
        func rebuild(_ documents: some AsyncSequence<[SearchDocument], any Error> & Sendable) async throws { throw SearchUnavailable("away") }
    }
}
