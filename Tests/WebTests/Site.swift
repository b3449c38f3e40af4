// A served index for a test, and small things to say about it.

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

/// An index on a socket, with the user alice and a token of hers.
struct Site: Sendable {
    let test: TestIndex
    let client: WebClient
    let token: String

    var bearer: String { "Bearer \(token)" }

    /// Runs `body` on a fresh site.
    ///
    /// - Parameter files: where they are served from.
    static func run(
        _ settings: IndexSettings = IndexSettings(),
        web: WebSettings = WebSettings(),
        files: Origin = .memory,
        outside: TestIndex.Outside = TestIndex.Outside(),
        _ body: (Site) async throws -> Void
    ) async throws {
        try await TestIndex.run(settings: settings, outside: outside) { test in
            try await test.user()
            let token = try await test.token()
            let index = files == .disk ? test.index(storage: try DiskCopyStorage(test.storage, root: "\(test.folder)/files")) : nil
            try await test.serve(web, index: index) { client in try await body(Site(test: test, client: client, token: token)) }
        }
    }

    /// Uploads over HTTP; it must succeed.
    @discardableResult
    func publish(_ upload: UploadBuilder, sourceLocation: SourceLocation = #_sourceLocation) async throws -> RawResponse {
        let answer = try await client.upload(upload, authorization: bearer)
        #expect(answer.status == 200, "\(answer.statusLine)", sourceLocation: sourceLocation)
        return answer
    }

    /// Changes the database past the index.
    func sql(_ statement: SQL) async throws {
        _ = try await test.db.write { try $0.execute(statement) }
        test.index.caches.dropEverything()
    }

    /// Whether the process still answers, and nothing of a refused upload is there: no project, file, pending path or stored byte.
    func checkUntouched(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await client.get("/_health/").status == 200, sourceLocation: sourceLocation)
        let rows = try await test.db.query(
            "SELECT (SELECT COUNT(*) FROM projects) + (SELECT COUNT(*) FROM releases) + (SELECT COUNT(*) FROM files) + (SELECT COUNT(*) FROM filenames) + (SELECT COUNT(*) FROM pending_files) + (SELECT COUNT(*) FROM journal) AS count"
        )
        #expect(try rows[0]["count", as: Int.self] == 0, sourceLocation: sourceLocation)
        #expect(try await test.storage.list().isEmpty, sourceLocation: sourceLocation)
    }

    func fileCount() async throws -> Int {
        try await test.db.query("SELECT COUNT(*) AS count FROM files")[0]["count"]
    }

    /// The path of the only file's link on a project's page.
    func link(_ project: String, _ number: Int = 0) async throws -> String {
        let page = try await client.get("/simple/\(project)/").text
        let links = page.split(separator: "<a href=\"").dropFirst()
        return String(try #require(links.dropFirst(number).first).prefix { $0 != "#" })
    }
}

/// A file of expected bytes, with its placeholders filled in.
func expected(_ name: String, _ values: KeyValuePairs<String, String> = [:]) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/expected")
    var text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    for (placeholder, value) in values { text = text.replacing("{\(placeholder)}", with: value) }
    return text
}

let v1JSON = "application/vnd.pypi.simple.v1+json"
let v1HTML = "application/vnd.pypi.simple.v1+html"
