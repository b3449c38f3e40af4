// The real `emporium` program, serving a folder of its own.

import Foundation
import TestSupport
import Testing

/// A running index with a user and a token. `TEST_ENGINE` says what it keeps everything in: `sqlite` (default) for one folder, or `postgres` for a fresh
/// database in the server of `TEST_POSTGRES_URL`, a Redis of its own and a folder of its own in a bucket.
final class LiveServer: Sendable {
    /// The one that the tests of a suite share; see ``SharedServer``.
    @TaskLocal static var shared: LiveServer!

    /// Everything that outlives the process.
    final class Site: Sendable {
        let folder: TemporaryFolder
        let database: PostgresDatabase?
        fileprivate let redis: RedisServer?
        /// Beside those of the database.
        fileprivate let settings: [String: String]

        /// - Parameter mayUsePostgres: `false` for a server that no other can be reached from.
        init(mayUsePostgres: Bool = true) async throws {
            folder = try TemporaryFolder()
            let usesPostgres = mayUsePostgres && ProcessInfo.processInfo.environment["TEST_ENGINE"] == "postgres"
            guard usesPostgres else {
                (database, redis, settings) = (nil, nil, [:])
                return
            }
            database = try await PostgresDatabase.create()
            let redis = try await RedisServer(in: folder.url.path)
            self.redis = redis
            settings = [
                "EMPORIUM_CACHE_URL": redis.url(), "AWS_ACCESS_KEY_ID": S3Server.tenant.id, "AWS_SECRET_ACCESS_KEY": S3Server.tenant.secret,
                "EMPORIUM_STORAGE_URL": try await S3Server.shared(.seaweedfs).location(prefix: UUID().uuidString),
            ]
        }

        var data: String { folder.path("data") }
    }

    let site: Site
    /// Such as `http://127.0.0.1:8080`.
    let url: String
    let token: String
    private let process: RunningCommand
    private let environment: [String: String]

    var simpleURL: String { "\(url)/simple/" }
    var uploadURL: String { "\(url)/legacy/" }
    var port: String { String(url.split(separator: ":").last!) }
    var processIdentifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    /// What it has logged and printed so far.
    var log: String { process.text }

    /// Starts the program and waits until it is ready.
    ///
    /// - Parameters:
    ///   - site: what an earlier server left, to be served again.
    ///   - prefix: a command to run the server under; it must become the server.
    ///   - settings: environment variables beside its own.
    init(serving site: Site? = nil, under prefix: [String] = [], settings: [String: String] = [:]) async throws {
        let site = if let site { site } else { try await Site() }
        var environment = ["PATH": "/usr/bin:/bin", "HOME": site.folder.url.path, "LANG": "C.UTF-8"].merging(site.settings) { $1 }
            .merging(settings) { $1 }
        var port = "0"
        if let database = site.database {
            // Every process of a site must know its URL beforehand.
            port = String(try SparePort.find())
            environment["EMPORIUM_DATABASE_URL"] = database.url
            environment["EMPORIUM_SECRET_KEY"] = "for tests, for tests, for tests, for tests"
            environment["EMPORIUM_PUBLIC_URL"] = "http://127.0.0.1:\(port)"
        }
        self.site = site
        let binary = try Self.binary()
        let arguments = ["serve", "--host", "127.0.0.1", "--port", port, "--data", site.data]
        let process = try RunningCommand(prefix + [binary] + arguments, in: site.folder.url, environment: environment)
        self.process = process
        self.environment = environment
        do {
            try await waitUntil(within: 60, "the server to be ready") { !process.isRunning || Self.url(in: process.text) != nil }
            guard let url = Self.url(in: process.text) else { throw CommandFailure(description: "the server ended at once") }
            self.url = url
            let environment = environment
            func command(_ arguments: String...) async throws -> CommandOutput {
                try await Self.run(arguments, site, environment, within: 60)
            }
            // On a site that was served before there is the user already; the token is the same user's.
            _ = try await command("user", "create", "alice", "--email", "alice@example.org")
            let made = try await command("token", "create", "alice")
            guard made.status == 0, !made.firstLine.isEmpty else { throw CommandFailure(description: "no token: \(made.description)") }
            token = made.firstLine
        } catch {
            process.send(SIGKILL)
            throw CommandFailure(description: "\(error)\n\(process.text)")
        }
    }

    func send(_ signal: Int32) { process.send(signal) }

    /// Runs another command of the program on the same site, to its end.
    func run(_ arguments: String..., within seconds: Double = 60) async throws -> CommandOutput {
        try await Self.run(arguments, site, environment, within: seconds)
    }

    private static func run(_ arguments: [String], _ site: Site, _ environment: [String: String], within seconds: Double) async throws
        -> CommandOutput
    {
        try await RunningCommand([binary()] + arguments + ["--data", site.data], in: site.folder.url, environment: environment).finish(
            within: seconds
        )
    }

    /// Waits until the program has ended of itself.
    func finish(within seconds: Double = 60) async throws -> CommandOutput { try await process.finish(within: seconds) }

    /// Asks it to stop. It must, with 0, and nothing it logged may be an error.
    func stop() async throws {
        send(SIGTERM)
        let output = try await finish()
        #expect(output.status == 0, "\(output.description)")
        let errors = output.text.split(separator: "\n").filter {
            $0.contains(" error emporium") || $0.contains(" critical emporium") || $0.contains("Fatal error")
        }
        #expect(errors.isEmpty)
        await site.database?.drop()
    }

    private static func url(in text: String) -> String? {
        for line in text.split(separator: "\n") {
            guard let start = line.range(of: "http://127.0.0.1:") else { continue }
            let port = line[start.upperBound...].prefix { $0.isASCII && $0.isNumber }
            if !port.isEmpty { return "http://127.0.0.1:\(port)" }
        }
        return nil
    }

    /// `EMPORIUM_BINARY`, or the program that was built together with these tests.
    private static func binary() throws -> String {
        if let given = ProcessInfo.processInfo.environment["EMPORIUM_BINARY"] { return given }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            for name in ["emporium", "debug/emporium"] {
                let candidate = folder.appendingPathComponent(name).path
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue { return candidate }
            }
        }
        let built = Repository.root.appendingPathComponent(".build/debug/emporium").path
        guard FileManager.default.isExecutableFile(atPath: built) else {
            throw CommandFailure(description: "There is no emporium to test: `swift build` it first, or say where it is in EMPORIUM_BINARY.")
        }
        return built
    }
}

/// One server for all tests of a suite, stopped after the last of them, cleanly or else the suite fails.
struct SharedServer: SuiteTrait, TestScoping {
    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        let server = try await LiveServer()
        defer { SamplePackages.forget() }
        do {
            try await LiveServer.$shared.withValue(server) { try await function() }
        } catch {
            server.send(SIGKILL)
            throw error
        }
        try await server.stop()
    }
}

extension Trait where Self == SharedServer {
    static var sharedServer: Self { SharedServer() }
}
