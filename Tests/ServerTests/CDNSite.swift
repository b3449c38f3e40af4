// A real index with a real Varnish in front.

import Foundation
import Registry
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

/// An index behind a Varnish, with the user alice. Both listen on ports that stay the same when the index is started again.
struct CDNSite: Sendable {
    let folder: String
    let port: Int
    let varnish: VarnishServer
    let authorization: String
    private let environment: [String: String]
    private let postgres: TestDatabase?

    private static let purgeKey = "the-purge-key"

    /// Talks to the index itself.
    var origin: WebClient { WebClient(port: port) }
    /// Talks to Varnish, as readers do.
    var readers: WebClient { varnish.client }
    var cdnURL: String { "varnish+http://127.0.0.1:\(varnish.port)?key=\(Self.purgeKey)" }

    /// Runs `body` on a fresh site that is gone afterwards.
    static func run(_ body: (CDNSite) async throws -> Void) async throws {
        try await withFolder { folder in
            let postgres = TestEngine.current == .postgres ? try await TestEngine.postgres.makeDatabase(migrations: AllMigrations.list) : nil
            do {
                let port = try SparePort.find()
                var environment = ["EMPORIUM_SECRET_KEY": "a secret key that only the CDN tests know", "EMPORIUM_PYTHON": "/no/interpreter"]
                if let postgres {
                    environment["EMPORIUM_DATABASE_URL"] = postgres.url
                    environment["EMPORIUM_PUBLIC_URL"] = "http://127.0.0.1:\(port)"
                }
                let varnish = try await VarnishServer(
                    vcl: VarnishServer.documentedVCL(backendPort: port),
                    in: folder,
                    environment: ["PURGE_KEY": purgeKey]
                )
                let made = try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder, environment: environment)
                let token = try await Program.run("token", "create", "alice", in: folder, environment: environment)
                guard let line = token.outputLines.first else { throw ProgramError(description: "no token: \(made.errors) \(token.errors)") }
                let site = CDNSite(
                    folder: folder,
                    port: port,
                    varnish: varnish,
                    authorization: "Bearer \(line)",
                    environment: environment,
                    postgres: postgres
                )
                try await body(site)
                try await varnish.stop()
            } catch {
                await postgres?.drop()
                throw error
            }
            await postgres?.drop()
        }
    }

    /// Serves the index.
    ///
    /// - Parameter cdn: `EMPORIUM_CDN_URL`.
    func start(cdn: String) async throws -> RunningProgram {
        let program = try RunningProgram(
            ["serve", "--port", "\(port)"],
            in: folder,
            environment: environment.merging(["EMPORIUM_CDN_URL": cdn]) { $1 }
        )
        _ = try await program.ready()
        return program
    }

    func check(cdn: String) async throws -> ProgramResult {
        try await Program.run("check", in: folder, environment: environment.merging(["EMPORIUM_CDN_URL": cdn]) { $1 })
    }

    /// Opens the database beside the index.
    func withDatabase<Result>(_ body: (any Database) async throws -> Result) async throws -> Result {
        if let postgres { return try await body(postgres.database) }
        let database = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
        let result: Result
        do {
            result = try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return result
    }

    /// Publishes past Varnish or through it.
    func publish(_ upload: UploadBuilder, through client: WebClient? = nil) async throws {
        let answer = try await (client ?? origin).upload(upload, authorization: authorization)
        guard answer.status == 200 else { throw ProgramError(description: "not published: \(answer.statusLine)") }
    }
}

/// One way to ask for a page.
struct PageVariant: Sendable, Hashable, CustomStringConvertible {
    let accept: String
    let encoding: String

    static let all: [PageVariant] = ["text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+json"].flatMap { accept in
        ["identity", "gzip"].map { PageVariant(accept: accept, encoding: $0) }
    }

    var description: String { "\(accept) as \(encoding)" }

    func get(_ target: String, from client: WebClient) async throws -> RawResponse {
        try await client.get(target, ["Accept": accept, "Accept-Encoding": encoding])
    }
}

/// Asks again and again, for half a minute, until it is so.
func waitUntil(_ what: String, _ isSo: () async throws -> Bool) async throws {
    for _ in 0..<600 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(50))
    }
    throw ProgramError(description: "it never happened: \(what)")
}
