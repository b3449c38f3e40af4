// Indexes that are backed up, restored and moved by the real program.

import Foundation
import PostgresEngine
import Registry
import SQLDatabase
import SQLiteEngine
import Synchronization
import TestSupport
import Testing

/// A data folder and a database, with the settings that the program needs to find them.
struct Home: Sendable {
    let folder: String
    let name: String
    /// `nil` for SQLite in the data folder.
    let postgres: TestDatabase?
    var environment: [String: String]

    var data: String { "\(folder)/\(name)" }
    var files: String { "\(data)/files" }
    /// As `--to` says it.
    var databaseURL: String { postgres?.url ?? "sqlite:\(data)/emporium.sqlite" }

    func run(_ arguments: [String], _ more: [String: String] = [:]) async throws -> ProgramResult {
        try await start(arguments, more).result()
    }

    func start(_ arguments: [String], _ more: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(arguments, in: folder, environment: environment.merging(more) { $1 })
    }

    func serve(_ more: [String: String] = [:]) async throws -> (program: RunningProgram, client: WebClient) {
        let port = try SparePort.find()
        let program = try start(["serve", "--port", "\(port)"], more)
        _ = try await program.ready()
        return (program, WebClient(port: port))
    }

    /// Runs `body` on the rows.
    func withDatabase<Result>(_ body: (any Database) async throws -> Result) async throws -> Result {
        let database: any Database = try postgres.map { $0.postgres() } ?? SQLiteDatabase(path: "\(data)/emporium.sqlite")
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

    /// The user alice and a token of hers.
    func makeUser() async throws -> String {
        _ = try await run(["user", "create", "alice", "--email", "alice@example.org"])
        let token = try await run(["token", "create", "alice", "--name", UUID().uuidString])
        guard let line = token.outputLines.first else { throw ProgramError(description: "no token: \(token.errors)") }
        return "Bearer \(line)"
    }
}

/// An index on the engine of this run, and a place for one on the other.
struct MovingSite: Sendable {
    let folder: String
    let old: Home
    let new: Home

    static func run(_ body: (MovingSite) async throws -> Void) async throws {
        try await withFolder { folder in
            let postgres = try await TestEngine.postgres.makeDatabase()
            do {
                func home(_ name: String, _ engine: TestEngine) throws -> Home {
                    // The same public URL, so that pages are equal byte by byte.
                    var environment = [
                        "EMPORIUM_SECRET_KEY": "a secret key that only the moving tests know", "EMPORIUM_PYTHON": "/no/interpreter",
                        "EMPORIUM_PUBLIC_URL": "http://127.0.0.1:1", "EMPORIUM_DATA": "\(folder)/\(name)",
                    ]
                    if engine == .postgres { environment["EMPORIUM_DATABASE_URL"] = postgres.url }
                    try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
                    return Home(folder: folder, name: name, postgres: engine == .postgres ? postgres : nil, environment: environment)
                }
                let other: TestEngine = TestEngine.current == .postgres ? .sqlite : .postgres
                try await body(MovingSite(folder: folder, old: home("old", TestEngine.current), new: home("new", other)))
            } catch {
                await postgres.drop()
                throw error
            }
            await postgres.drop()
        }
    }
}

/// Four who publish as fast as they can.
final class Publishers: Sendable {
    struct Upload: Sendable {
        let project: String
        let filename: String
        let status: Int
        let retryAfter: String?
    }

    private let isOver = Mutex(false)
    private let uploads = Mutex<[Upload]>([])

    var taken: [Upload] { uploads.withLock { $0.filter { $0.status == 200 } } }
    var all: [Upload] { uploads.withLock { $0 } }

    /// Runs `body` while they publish; they stop with it.
    func publish(to client: WebClient, as token: String, while body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    var version = 0
                    while !self.isOver.withLock({ $0 }) {
                        version += 1
                        let upload = UploadBuilder.wheel("project-\(number)", "1.\(version)")
                        let answer = try await client.upload(upload, authorization: token)
                        self.uploads.withLock {
                            $0.append(
                                Upload(
                                    project: "project-\(number)",
                                    filename: upload.filename,
                                    status: answer.status,
                                    retryAfter: answer["Retry-After"]
                                )
                            )
                        }
                    }
                }
            }
            do {
                while taken.count < 8 { try await Task.sleep(for: .milliseconds(10)) }
                try await body()
            } catch {
                isOver.withLock { $0 = true }
                throw error
            }
            isOver.withLock { $0 = true }
            try await group.waitForAll()
        }
    }
}

extension WebClient {
    struct Listed: Decodable, Sendable {
        struct File: Decodable, Sendable {
            let filename: String
            let url: String
            let hashes: [String: String]
        }

        let files: [File]
    }

    /// The files of a project's JSON page.
    func files(of project: String) async throws -> [Listed.File] {
        let page = try await get("/simple/\(project)/", ["Accept": "application/vnd.pypi.simple.v1+json"])
        guard page.status == 200 else { return [] }
        return try JSONDecoder().decode(Listed.self, from: Data(page.body)).files
    }

    /// The bytes of a file, by the URL on its page.
    func bytes(_ file: Listed.File) async throws -> [UInt8] { try await get(String(file.url.dropFirst("http://127.0.0.1:1".count))).body }
}
