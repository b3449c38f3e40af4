// A database of a test's own.

import Foundation

/// A fresh database in the PostgreSQL server of `TEST_POSTGRES_URL`, made and dropped with `psql`.
struct PostgresDatabase: Sendable {
    let url: String
    private let name: String
    private let server: String

    static func create() async throws -> PostgresDatabase {
        guard let server = ProcessInfo.processInfo.environment["TEST_POSTGRES_URL"], var components = URLComponents(string: server) else {
            throw CommandFailure(description: "TEST_ENGINE is postgres, but TEST_POSTGRES_URL does not name a server: run under dev/with-postgres.")
        }
        let name = "clients_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
        components.path = "/\(name)"
        try await run("CREATE DATABASE \(name)", at: server)
        return PostgresDatabase(url: components.string!, name: name, server: server)
    }

    /// The server under test is throw-away itself: a failure to tidy it up is nobody's concern.
    func drop() async { try? await Self.run("DROP DATABASE \(name) WITH (FORCE)", at: server) }

    private static func run(_ statement: String, at server: String) async throws {
        let folder = try TemporaryFolder()
        let command = ["/usr/bin/env", "psql", "--no-psqlrc", "--quiet", "--command", statement, server]
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.url.path]
        let output = try await RunningCommand(command, in: folder.url, environment: environment).finish(within: 30)
        guard output.status == 0 else { throw CommandFailure(description: "psql could not \(statement): \(output.standardError)") }
    }
}
