// What outlives a server that is killed: its folder and its database.

import Backends
import Credentials
import Distributions
import Foundation
import JobQueue
import Logging
import Readme
import Registry
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@testable import Server

/// An index on disk with the user alice, to be served, killed and looked at.
struct CrashSite: Sendable {
    let engine: TestEngine
    let folder: String
    let token: String
    private let postgres: TestDatabase?

    /// So few servers at once that none waits for the processor until a client's patience ends.
    private static let gate = Gate(places: 4)
    private static let secret = "a secret key that only the crash tests know"

    private var data: String { "\(folder)/data" }
    private var database: String { "\(folder)/data/emporium.sqlite" }

    /// Runs `body` on a fresh site that is gone afterwards.
    static func run(_ engine: TestEngine, publishing first: UploadBuilder? = nil, _ body: (CrashSite) async throws -> Void) async throws {
        await gate.enter()
        defer { gate.leave() }
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/data/files", withIntermediateDirectories: true)
            let postgres = engine == .postgres ? try await engine.makeDatabase(migrations: AllMigrations.list) : nil
            do {
                let empty = CrashSite(engine: engine, folder: folder, token: "", postgres: postgres)
                let token = try await empty.withIndex { index in
                    try await index.migrate()
                    // As a first start does: the faults to come are an upload's.
                    try await StorageOwner.claim(index.storage, for: index.identity())
                    try await index.createUser(username: "alice", email: "alice@example.org")
                    let token = try await index.createToken(
                        for: "alice",
                        NewToken(description: "crash", origin: .operator_)
                    )
                    if let first { _ = try await index.publish(first.received(as: .token(token), in: folder)) }
                    return token
                }
                try await body(CrashSite(engine: engine, folder: folder, token: token, postgres: postgres))
            } catch {
                await postgres?.drop()
                throw error
            }
            await postgres?.drop()
        }
    }

    /// Everything that is stored but for the name of the index.
    static func files(in index: PackageIndex) async throws -> [StoragePath] {
        try await index.storage.list().filter { $0.text != StorageOwner.path }
    }

    // MARK: The program

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - fault: the orders of `EMPORIUM_FAULT`.
    ///   - arguments: further options of `serve`.
    ///   - prefix: a command to run it under; it must become the server.
    func start(fault: String? = nil, _ arguments: [String] = [], under prefix: [String] = []) async throws -> CrashServer {
        // No description is rendered here: a hundred servers need no interpreter each.
        var environment = ["EMPORIUM_SECRET_KEY": Self.secret, "EMPORIUM_FAULT": fault, "EMPORIUM_PYTHON": "/no/interpreter"]
        for attempt in 1...3 {
            let port = try FreePort.find(host: "127.0.0.1")
            if let postgres {
                environment["EMPORIUM_DATABASE_URL"] = postgres.url
                environment["EMPORIUM_PUBLIC_URL"] = "http://127.0.0.1:\(port)"
            }
            let program = try RunningProgram(
                ["serve", "--port", "\(port)", "--data", data] + arguments,
                in: folder,
                environment: environment.compactMapValues { $0 },
                under: prefix
            )
            do {
                _ = try await program.ready()
                return CrashServer(program: program, client: WebClient(port: port), authorization: "Bearer \(token)")
            } catch {
                // Somebody else may have taken the port meanwhile.
                guard attempt < 3, program.errors.contains("in use") else { throw error }
            }
        }
        throw ProgramError(description: "no port")
    }

    // MARK: The index behind it

    /// Opens the index beside, or instead of, the server.
    func withIndex<Result>(clockAhead: Duration = .zero, _ body: (PackageIndex) async throws -> Result) async throws -> Result {
        let database: any Database = try postgres?.database ?? SQLiteDatabase(path: self.database)
        let ahead = clockAhead.components.seconds * 1_000_000
        var logger = Logger(label: "crash tests")
        logger.logLevel = .critical
        let index = PackageIndex(
            database: database,
            storage: try DiskStorage(root: "\(data)/files"),
            passwords: .forTests,
            secrets: Secrets(secretKey: Array(Self.secret.utf8)),
            readme: ReadmeRenderer(python: "/no/interpreter", logger: logger),
            settings: IndexSettings(),
            clock: IndexClock { IndexClock.system.now() + ahead },
            logger: logger
        )
        let result: Result
        do {
            result = try await body(index)
        } catch {
            if postgres == nil { await database.close() }
            throw error
        }
        // Nobody but the server has the file open when it dies, so that its successor has to recover it.
        if postgres == nil { await database.close() }
        return result
    }

    /// Runs the jobs as a worker would two hours from now, when every orphan is due.
    func sweep(after delay: Duration = .seconds(7200)) async throws {
        try await withIndex(clockAhead: delay) { index in
            try await waitForDeadTransactions(index)
            _ = try await JobRunner(
                database: index.database,
                registry: AllJobs.registry,
                context: index,
                now: index.clock.now,
                logger: index.logger
            ).runDue()
        }
    }

    /// PostgreSQL needs a moment to notice that a client has died; until then the rows it was about to change stay locked, and a worker passes over
    /// locked jobs.
    private func waitForDeadTransactions(_ index: PackageIndex) async throws {
        guard engine == .postgres else { return }
        for _ in 0..<500 {
            let open = try await index.database.query(
                "SELECT 1 AS found FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            if open.isEmpty { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What the database holds.
    struct Census: Hashable, Sendable {
        var rows: [String: Int] = [:]
        var serials: [Int64] = []
        var lastSerial: Int64 = 0
    }

    func census() async throws -> Census {
        try await withIndex { index in
            try await index.database.read { tx in
                var census = Census()
                for table in ["projects", "roles", "releases", "files", "filenames", "events"] {
                    census.rows[table] = try tx.execute("SELECT COUNT(*) AS count FROM \(SQL(trusting: table))")[0]["count"]
                }
                census.serials = try tx.execute("SELECT serial FROM journal ORDER BY serial").map { try $0["serial"] }
                census.lastSerial = try tx.journal.lastSerial()
                return census
            }
        }
    }

    /// Whether nothing is pending, every file has its bytes, and no bytes are there but those of files.
    func checkNothingIsLeft(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await withIndex { index in
            let (files, pending, jobs) = try await index.database.read { tx in
                let files = try tx.execute("SELECT path, metadata_sha256 FROM files").flatMap { row in
                    let path: String = try row["path"]
                    return try row["metadata_sha256", as: String?.self] == nil ? [path] : [path, path + ".metadata"]
                }
                return (
                    files, try tx.execute("SELECT path FROM pending_files").map { try $0["path", as: String.self] },
                    try tx.execute("SELECT payload FROM jobs WHERE kind = \(SweepOrphanFile.kind)").map { try $0["payload", as: String.self] }
                )
            }
            #expect(try await CrashSite.files(in: index).map(\.text) == files.sorted(), sourceLocation: sourceLocation)
            #expect(pending == [], sourceLocation: sourceLocation)
            #expect(jobs == [], sourceLocation: sourceLocation)
        }
        try checkNothingIsHalfReceived(sourceLocation: sourceLocation)
    }

    /// Whether no temporary file is left.
    func checkNothingIsHalfReceived(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for name in ["incoming", "files/.incoming"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(data)/\(name)") == [], sourceLocation: sourceLocation)
        }
    }

    /// Whether all serials are there, and the counter stands at the last.
    func checkSerials(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let census = try await census()
        #expect(census.serials == Array(1..<Int64(census.serials.count + 1)), sourceLocation: sourceLocation)
        #expect(census.lastSerial == Int64(census.serials.count), sourceLocation: sourceLocation)
    }
}

/// A running server of a ``CrashSite``.
struct CrashServer: Sendable {
    let program: RunningProgram
    let client: WebClient
    let authorization: String

    /// Where a file is downloaded from (index §6.1).
    static func path(of upload: UploadBuilder) -> String {
        let hash = Digests(of: upload.bytes).blake2b256
        return "/packages/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash.dropFirst(4))/\(upload.filename)"
    }

    func upload(_ upload: UploadBuilder) async throws -> RawResponse { try await client.upload(upload, authorization: authorization) }

    /// Sends an upload that is not expected to be answered, and waits until the server is dead.
    func dieUnder(_ upload: UploadBuilder) async throws {
        var answer: RawResponse?
        do { answer = try await self.upload(upload) } catch is WebClientError {}
        guard answer == nil else {
            program.signal(SIGKILL)
            throw ProgramError(description: "the server was to die, but it answered \(answer!.statusLine)")
        }
        let result = try await program.result()
        #expect(result.status == SIGKILL, "\(result.errors)")
    }

    func stop(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        program.signal(SIGTERM)
        let result = try await program.result()
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
    }

    /// Whether all that readers can ask for agrees that this file is there, byte for byte, or that it is not.
    ///
    /// - Parameter others: whether the project has other files.
    func check(_ upload: UploadBuilder, isVisible: Bool, others: Bool, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let project = try #require(upload.fields.first { $0.name == "name" }).value
        for accept in ["text/html", "application/vnd.pypi.simple.v1+json"] {
            let page = try await client.get("/simple/\(project)/", ["Accept": accept])
            #expect(page.status == (isVisible || others ? 200 : 404), sourceLocation: sourceLocation)
            #expect(page.text.contains(upload.filename) == isVisible, sourceLocation: sourceLocation)
            let list = try await client.get("/simple/", ["Accept": accept])
            let isListed = list.text.contains("\"\(project)\"") || list.text.contains("/simple/\(project)/")
            #expect(isListed == (isVisible || others), sourceLocation: sourceLocation)
        }
        guard isVisible else { return }
        let path = Self.path(of: upload)
        let file = try await client.get(path)
        #expect(file.status == 200 && file.body == upload.bytes, sourceLocation: sourceLocation)
        let metadata = try await client.get(path + ".metadata")
        #expect(metadata.status == 200 && metadata.text.contains("Name: \(project)"), sourceLocation: sourceLocation)
    }
}
