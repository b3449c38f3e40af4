// A real browser.

import Foundation
import TestPrograms
import TestSupport

enum Chromium {
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    private static let root = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Lets the browser live through a story beside this file, and hands over what it found. Pictures of what it saw are kept in `.build/pictures`.
    static func visit<Found: Decodable>(_ story: String, _ base: String, _ arguments: String...) async throws -> Found {
        let python = try await PythonEnvironment.interpreter("browser", requirements: "Tests/ServerTests/Browser/requirements.txt")
        let pictures = root.appending(path: ".build/pictures/\(TestEngine.current)").path
        let run = try await ChildProcess.run([python, "-B", folder.appending(path: story).path, base, pictures] + arguments).succeeded()
        return try JSONDecoder().decode(Found.self, from: Data(run.text.utf8))
    }
}

/// What a new index starts with: an empty folder, or an empty database, a Redis and a bucket.
struct EmptySite: Sendable {
    let folder: String
    private let environment: [String: String]

    static func run(_ body: (EmptySite) async throws -> Void) async throws {
        try await withFolder { folder in
            var environment = ["EMPORIUM_PYTHON": "/no/interpreter", "EMPORIUM_DATA": "\(folder)/data"]
            guard TestEngine.current == .postgres else { return try await body(EmptySite(folder: folder, environment: environment)) }
            let database = try await TestEngine.postgres.makeDatabase()
            do {
                let redis = try await RedisServer(in: folder)
                environment["EMPORIUM_DATABASE_URL"] = database.url
                environment["EMPORIUM_CACHE_URL"] = redis.url()
                environment["EMPORIUM_SECRET_KEY"] = "a secret key that only browser tests know"
                try await body(EmptySite(folder: folder, environment: environment))
            } catch {
                await database.drop()
                throw error
            }
            await database.drop()
        }
    }

    /// The path of the link that the program shows to whoever runs it.
    func invitation(_ program: RunningProgram) async throws -> String {
        try await waitUntil("somebody is invited") { program.output.contains("/account/set-up/?secret=") }
        let line = program.output.split(separator: "\n").first { $0.contains("/account/set-up/?secret=") }
        guard let line, let start = line.range(of: "/account/")?.lowerBound else { throw ProgramError(description: program.output) }
        return String(line[start...])
    }

    /// - Parameter settings: beside those that every site here has.
    func serve(_ settings: [String: String] = [:], isNamed: Bool = false) async throws -> (program: RunningProgram, client: WebClient) {
        let port = try SparePort.find()
        var environment = environment.merging(settings) { $1 }
        // Required with PostgreSQL; security keys belong to the name in it.
        if isNamed || environment["EMPORIUM_DATABASE_URL"] != nil { environment["EMPORIUM_PUBLIC_URL"] = "http://localhost:\(port)" }
        let program = try RunningProgram(["serve", "--port", "\(port)"], in: folder, environment: environment)
        _ = try await program.ready()
        return (program, WebClient(port: port))
    }
}
