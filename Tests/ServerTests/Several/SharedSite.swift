// One index, several processes.

import Foundation
import TestPrograms
import TestSupport

/// What the processes of an index share: a folder and a Redis, or PostgreSQL, a Redis and a bucket, each a server of its own. It has the user alice.
struct SharedSite: Sendable {
    let folder: String
    /// Where the engine is PostgreSQL.
    let postgres: PostgresServer?
    let redis: RedisServer
    /// Between the index and its database, its cache and its bucket.
    let wires: Wires
    /// Alice's token, as a header.
    let authorization: String
    private let environment: [String: String]

    struct Wires: Sendable {
        var database: Relay?
        var cache: Relay?
        var bucket: Relay?
    }

    /// - Parameters:
    ///   - isWired: whether a relay stands before each server.
    ///   - bin: makes, in a folder, the folder of another PostgreSQL's programs.
    static func run(isWired: Bool = false, on bin: (String) async throws -> String? = { _ in nil }, _ body: (SharedSite) async throws -> Void)
        async throws
    {
        try await withFolder { folder in
            let redis = try await RedisServer(in: folder)
            var environment = ["EMPORIUM_SECRET_KEY": "a secret key that several processes know", "EMPORIUM_PYTHON": "/no/interpreter"]
            var wires = Wires()
            if isWired { wires.cache = try Relay(to: redis.port) }
            environment["EMPORIUM_CACHE_URL"] = redis.url().through(wires.cache, to: redis.port)
            var postgres: PostgresServer?
            if TestEngine.current == .postgres {
                let server = try await PostgresServer(in: folder, bin: await bin(folder))
                let bucket = try await S3Server.shared(.seaweedfs)
                postgres = server
                if isWired {
                    wires.database = try Relay(to: server.port)
                    wires.bucket = try Relay(to: bucket.port)
                }
                environment["EMPORIUM_DATABASE_URL"] = server.url().through(wires.database, to: server.port)
                environment["EMPORIUM_STORAGE_URL"] = bucket.location(prefix: UUID().uuidString, port: wires.bucket?.port)
                environment["AWS_ACCESS_KEY_ID"] = S3Server.tenant.id
                environment["AWS_SECRET_ACCESS_KEY"] = S3Server.tenant.secret
                // Each process listens somewhere else.
                environment["EMPORIUM_PUBLIC_URL"] = "http://127.0.0.1:1"
            }
            _ = try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder, environment: environment)
            let token = try await Program.run("token", "create", "alice", in: folder, environment: environment)
            guard let line = token.outputLines.first else { throw ProgramError(description: "no token: \(token.errors)") }
            let site = SharedSite(
                folder: folder,
                postgres: postgres,
                redis: redis,
                wires: wires,
                authorization: "Bearer \(line)",
                environment: environment
            )
            try await body(site)
            try await postgres?.stop()
        }
    }

    /// Serves, on a port of its own where none is given.
    func start(port: Int? = nil, _ arguments: [String] = [], _ more: [String: String] = [:]) async throws -> (
        program: RunningProgram, client: WebClient
    ) {
        let port = try port ?? SparePort.find()
        let program = try RunningProgram(["serve", "--port", "\(port)"] + arguments, in: folder, environment: environment.merging(more) { $1 })
        // Where there is a public URL, it does not say the port.
        _ = try await program.ready()
        return (program, WebClient(port: port))
    }

    /// Works, and has begun to.
    func work() async throws -> RunningProgram {
        let program = try RunningProgram(["work"], in: folder, environment: environment)
        try await waitUntil("it works") { program.errors.contains("Emporium is working.") }
        return program
    }

    func run(_ arguments: String..., more: [String: String] = [:]) async throws -> ProgramResult {
        try await RunningProgram(arguments, in: folder, environment: environment.merging(more) { $1 }).result()
    }

    /// As twine and its users do: what was refused for now is sent again.
    func publish(_ upload: UploadBuilder, _ client: WebClient) async throws -> [Int] {
        var statuses: [Int] = []
        while statuses.last != 200 {
            guard statuses.count < 400 else { throw ProgramError(description: "never taken: \(statuses)") }
            if !statuses.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            statuses.append(try await client.upload(upload, authorization: authorization).status)
        }
        return statuses
    }
}

extension String {
    /// A server's URL, with a relay's port.
    fileprivate func through(_ relay: Relay?, to port: Int) -> String {
        guard let relay else { return self }
        return replacingOccurrences(of: ":\(port)", with: ":\(relay.port)")
    }
}
