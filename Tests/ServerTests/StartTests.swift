// Starting and stopping the real program, also where it can not (design §0).

import Foundation
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct StartTests {
    /// Runs `serve` on a free port while `body` runs, then stops it as an operator does.
    private func serving(
        in folder: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        _ body: (RunningProgram, WebClient) async throws -> Void
    ) async throws -> ProgramResult {
        let program = try RunningProgram(["serve", "--port", "0"] + arguments, in: folder, environment: environment)
        let port = try await program.ready()
        try await body(program, WebClient(port: port))
        program.signal(SIGTERM)
        return try await program.result()
    }

    /// Expects one line on standard error, without a backtrace, and exit code 1.
    private func checkFailure(_ result: ProgramResult, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(result.status == 1, sourceLocation: sourceLocation)
        // The logger may have spoken before; the failure itself is one line.
        let lines = result.errorLines.filter { $0.hasPrefix("Error: ") }
        #expect(lines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.errorLines.last?.hasPrefix("Error: ") == true, "\(result.errors)", sourceLocation: sourceLocation)
        for word in words { #expect(lines.first?.contains(word) == true, "\(result.errors)", sourceLocation: sourceLocation) }
        #expect(!result.errors.contains("Fatal error") && !result.output.contains("Error"), sourceLocation: sourceLocation)
    }

    // design §0: no set-up.
    @Test func `the first start makes its folder, says the three lines and answers`() async throws {
        try await withFolder { folder in
            let result = try await serving(in: folder) { program, client in
                #expect(try await client.get("/simple/").status == 200)
                #expect(try await client.get("/_health/").text == "OK\n")
                try await Task.sleep(for: .milliseconds(200))
                let base = "http://127.0.0.1:\(client.port)"
                for line in [
                    "pip install --index-url \(base)/simple/", "uv pip install --index-url \(base)/simple/",
                    "twine upload --repository-url \(base)/legacy/",
                ] {
                    #expect(program.output.contains(line), "\(program.output)")
                }
                #expect((program.errors + program.output).components(separatedBy: "Emporium is ready at").count == 2)
            }
            #expect(result.status == 0)
            // Only its owner may read the key.
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/emporium-data/secret-key")[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let again = try await serving(in: folder) { (program: RunningProgram, client: WebClient) async throws in
                #expect(try await client.get("/simple/").status == 200)
                #expect(!program.output.contains("pip install"))
            }
            #expect(again.status == 0)
        }
    }

    // design §0
    @Test(arguments: [SIGTERM, SIGINT]) func `a signal ends the server with exit code 0, also with connections open`(signal: Int32) async throws {
        try await withFolder { folder in
            let program = try RunningProgram(["serve", "--port", "0"], in: folder)
            let port = try await program.ready()
            let idle = try WebConnection(port: port)
            defer { idle.close() }
            idle.send("GET /simple/ HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await WebClient.blocking { try idle.receive() }.status == 200)
            let start = ContinuousClock.now
            program.signal(signal)
            #expect(try await program.result().status == 0)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func `a port in use is one clear line`() async throws {
        try await withFolder { folder in
            _ = try await serving(in: folder) { _, client in
                try FileManager.default.createDirectory(atPath: "\(folder)/other", withIntermediateDirectories: true)
                let second = try await Program.run("serve", "--port", "\(client.port)", in: "\(folder)/other")
                checkFailure(second, "Port \(client.port)", "in use")
            }
        }
    }

    @Test func `a data folder that can not be one is one clear line`() async throws {
        try await withFolder { folder in
            try "x".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
            for data in ["\(folder)/file", "\(folder)/file/below", "/proc/emporium"] {
                checkFailure(try await Program.run("serve", "--port", "0", "--data", data, in: folder), data)
                checkFailure(try await Program.run("token", "create", "alice", "--data", data, in: folder), data)
            }
        }
    }

    @Test func `a file that is no database is one clear line and stays as it is`() async throws {
        try await withFolder { folder in
            let data = "\(folder)/emporium-data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let junk = String(repeating: "this is no database. ", count: 500)
            try junk.write(toFile: "\(data)/emporium.sqlite", atomically: true, encoding: .utf8)
            checkFailure(try await Program.run("serve", "--port", "0", in: folder), "emporium.sqlite", "no database")
            checkFailure(try await Program.run("migrate", in: folder), "emporium.sqlite")
            #expect(try String(contentsOfFile: "\(data)/emporium.sqlite", encoding: .utf8) == junk)
        }
    }

    // A newer program has been here: going on would damage what it made.
    @Test func `a newer database is refused`() async throws {
        try await withFolder { folder in
            #expect(try await Program.run("migrate", in: folder).status == 0)
            let database = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
            _ = try await database.write { try $0.execute("INSERT INTO schema_migrations (id, name, applied_at) VALUES (9999, 'of tomorrow', 0)") }
            await database.close()
            checkFailure(try await Program.run("serve", "--port", "0", in: folder), "newer")
            checkFailure(try await Program.run("migrate", in: folder), "newer")
            #expect(try await Program.run("migrate", "--check", in: folder).status == 1)
        }
    }

    @Test func `a lost secret key is not replaced while tokens depend on it`() async throws {
        try await withFolder { folder in
            for arguments in [["user", "create", "alice", "--email", "alice@example.org"], ["token", "create", "alice"]] {
                #expect(try await RunningProgram(arguments, in: folder).result().status == 0)
            }
            let key = try #require(FileManager.default.subpaths(atPath: folder)?.first { $0.hasSuffix("secret-key") })
            try FileManager.default.removeItem(atPath: "\(folder)/\(key)")
            checkFailure(try await RunningProgram(["serve", "--port", "0"], in: folder).result(), "EMPORIUM_SECRET_KEY")
        }
    }

    @Test func `a damaged secret key is one clear line`() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/emporium-data", withIntermediateDirectories: true)
            try "short".write(toFile: "\(folder)/emporium-data/secret-key", atomically: true, encoding: .utf8)
            checkFailure(try await Program.run("serve", "--port", "0", in: folder), "secret key", "secret-key")
        }
    }

    // design §0
    @Test func `unknown and bad settings stop the start with one line`() async throws {
        try await withFolder { folder in
            checkFailure(try await Program.run("serve", in: folder, environment: ["EMPORIUM_PROT": "1"]), "EMPORIUM_PROT")
            checkFailure(try await Program.run("serve", in: folder, environment: ["EMPORIUM_PORT": "x"]), "EMPORIUM_PORT")
            checkFailure(try await Program.run("serve", in: folder, environment: ["EMPORIUM_STORAGE_URL": "s3://bucket"]), "EMPORIUM_STORAGE_URL")
            checkFailure(try await Program.run("serve", "--config", "missing.yaml", in: folder), "missing.yaml")
            let secret = try await Program.run("serve", in: folder, environment: ["EMPORIUM_SECRET_KEY": "too-short-secret"])
            checkFailure(secret, "EMPORIUM_SECRET_KEY")
            #expect(!secret.errors.contains("too-short-secret"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/emporium-data/secret-key"))
        }
    }
}
