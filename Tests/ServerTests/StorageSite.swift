// Indexes of the real program whose files lie here and there.

import Foundation
import SQLDatabase
import SQLiteEngine
import Synchronization
import TestSupport
import Testing

/// A data folder, a database on the engine of this run, and the user alice.
struct StorageSite: Sendable {
    let folder: String
    let name: String
    private let postgres: TestDatabase?
    var environment: [String: String]

    var files: String { "\(folder)/\(name)/files" }

    static func run(_ name: String = "data", in folder: String? = nil, _ body: (StorageSite) async throws -> Void) async throws {
        guard let folder else { return try await withFolder { try await run(name, in: $0, body) } }
        let postgres = TestEngine.current == .postgres ? try await TestEngine.postgres.makeDatabase() : nil
        var environment = [
            "EMPORIUM_SECRET_KEY": "a secret key that only the storage tests know", "EMPORIUM_PYTHON": "/no/interpreter",
            "EMPORIUM_PUBLIC_URL": "http://127.0.0.1:1", "EMPORIUM_DATA": "\(folder)/\(name)", "AWS_ACCESS_KEY_ID": S3Server.tenant.id,
            "AWS_SECRET_ACCESS_KEY": S3Server.tenant.secret,
        ]
        environment["EMPORIUM_DATABASE_URL"] = postgres?.url
        do {
            try await body(StorageSite(folder: folder, name: name, postgres: postgres, environment: environment))
        } catch {
            await postgres?.drop()
            throw error
        }
        await postgres?.drop()
    }

    func run(_ arguments: String..., with more: [String: String] = [:]) async throws -> ProgramResult {
        try await start(arguments, more).result()
    }

    func start(_ arguments: [String], _ more: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(arguments, in: folder, environment: environment.merging(more) { $1 })
    }

    /// Serves while `body` runs, then stops.
    func serving(_ more: [String: String] = [:], _ body: (WebClient) async throws -> Void) async throws {
        let port = try SparePort.find()
        let program = try start(["serve", "--port", "\(port)"], more)
        _ = try await program.ready()
        do {
            try await body(WebClient(port: port))
        } catch {
            program.signal(SIGKILL)
            throw error
        }
        program.signal(SIGTERM)
        #expect(try await program.result().status == 0)
    }

    /// The `Authorization` of a token of alice's.
    func authorization() async throws -> String {
        _ = try await run("user", "create", "alice", "--email", "alice@example.org")
        let token = try await run("token", "create", "alice", "--name", UUID().uuidString)
        guard let line = token.outputLines.first else { throw ProgramError(description: "no token: \(token.errors)") }
        return WebClient.basic("__token__", line)
    }
}

/// What was published and answered with 200.
final class Published: Sendable {
    private let uploads = Mutex<[UploadBuilder]>([])
    private let isOver = Mutex(false)

    var all: [UploadBuilder] { uploads.withLock { $0 } }

    func publish(_ name: String, _ version: String, to client: WebClient, _ authorization: String) async throws -> Int {
        let upload = UploadBuilder.wheel(name, version)
        let status = try await client.upload(upload, authorization: authorization).status
        if status == 200 { uploads.withLock { $0.append(upload) } }
        return status
    }

    /// Publishes `1.0` and so on, all of which must be taken.
    func publish(_ name: String, count: Int, to client: WebClient, _ authorization: String) async throws {
        for number in 0..<count {
            let status = try await publish(name, "1.\(number)", to: client, authorization)
            guard status == 200 else { throw ProgramError(description: "\(name) 1.\(number) was answered \(status)") }
        }
    }

    /// Publishes in two projects at once as long as `body` runs.
    func keepPublishing(_ prefix: String, to client: WebClient, _ authorization: String, while body: () async throws -> Void) async throws {
        isOver.withLock { $0 = false }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<2 {
                group.addTask {
                    var version = 0
                    while !self.isOver.withLock({ $0 }) {
                        version += 1
                        let status = try await self.publish("\(prefix)-\(number)", "1.\(version)", to: client, authorization)
                        #expect(status == 200)
                    }
                }
            }
            defer { isOver.withLock { $0 = true } }
            try await body()
            isOver.withLock { $0 = true }
            try await group.waitForAll()
        }
    }

    /// Expects every file, and its metadata, byte for byte as it was published.
    func check(_ client: WebClient, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        struct Page: Decodable {
            struct File: Decodable {
                let filename: String
                let url: String
            }
            let files: [File]
        }
        var pages: [String: [String: String]] = [:]
        for upload in all {
            let project = String(upload.filename.prefix { $0 != "-" }).replacing("_", with: "-")
            if pages[project] == nil {
                let answer = try await client.get("/simple/\(project)/", ["Accept": "application/vnd.pypi.simple.v1+json"])
                let page = try JSONDecoder().decode(Page.self, from: Data(answer.body))
                pages[project] = Dictionary(uniqueKeysWithValues: page.files.map { ($0.filename, $0.url) })
            }
            let url = try #require(pages[project]?[upload.filename], sourceLocation: sourceLocation)
            let target = String(url.dropFirst("http://127.0.0.1:1".count))
            let file = try await client.get(target)
            #expect(file.status == 200 && file.body == upload.bytes, "\(upload.filename): \(file.statusLine)", sourceLocation: sourceLocation)
            #expect(try await client.get("\(target).metadata").status == 200, sourceLocation: sourceLocation)
        }
    }
}
