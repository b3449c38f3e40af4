// The commands besides `serve` (design §0: a contract that tests outside the repository use).

import Foundation
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct CommandTests {
    // design §0: "prints one token on stdout, nothing else".
    @Test func `token create prints exactly one line, and it opens the index`() async throws {
        try await withFolder { folder in
            let user = try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder)
            #expect(user.status == 0)
            let token = try await Program.run("token", "create", "alice", in: folder, environment: ["EMPORIUM_LOG_LEVEL": "trace"])
            #expect(token.status == 0)
            #expect(token.outputLines.count == 1)
            #expect(token.output.hasPrefix("pypi-") && token.output.hasSuffix("\n"))
            let second = try await Program.run("token", "create", "alice", "--name", "mine", in: folder)
            #expect(second.status == 0 && second.output != token.output)
            for arguments in [["alice", "--name", "mine"], ["bob"], ["alice", "--project", "nothing"]] {
                let refused = try await RunningProgram(["token", "create"] + arguments, in: folder).result()
                #expect(refused.status == 1, "\(arguments)")
                #expect(refused.output.isEmpty)
                #expect(refused.errorLines.count == 1, "\(refused.errors)")
            }
            let program = try RunningProgram(["serve", "--port", "0"], in: folder)
            let client = WebClient(port: try await program.ready())
            #expect(try await client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(token.outputLines[0])").status == 200)
            #expect(try await client.get("/simple/demo/").text.contains("demo-1.0-py3-none-any.whl"))
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
            // Names of projects are known now.
            #expect(try await Program.run("token", "create", "alice", "--project", "Demo", in: folder).output.hasPrefix("pypi-"))
        }
    }

    // design §0: "prints nothing secret".
    @Test func `user create says little, and refuses what can not be`() async throws {
        try await withFolder { folder in
            let created = try await Program.run(
                "user",
                "create",
                "alice",
                "--email",
                "a@example.org",
                "--password-stdin",
                in: folder,
                input: "correct horse battery\n"
            )
            #expect(created.status == 0)
            #expect(!(created.output + created.errors).contains("correct horse"))
            for (arguments, input) in [
                (["alice", "--email", "b@example.org"], ""), (["bob", "--email", "A@example.org"], ""), (["-bob-", "--email", "b@example.org"], ""),
                (["bob", "--email", "nothing"], ""), (["bob", "--email", "b@example.org", "--password-stdin"], ""),
                (["bob", "--email", "b@example.org", "--password-stdin"], "short\n"),
            ] {
                let refused = try await RunningProgram(["user", "create"] + arguments, in: folder, input: input).result()
                #expect(refused.status != 0, "\(arguments)")
                #expect(!refused.errors.contains("short"))
            }
        }
    }

    @Test func `the operator sets a password, and says nothing of it`() async throws {
        try await withFolder { folder in
            #expect(try await Program.run("user", "create", "alice", "--email", "a@example.org", in: folder).status == 0)
            for (name, input, status) in [
                ("alice", "plum orchard seventeen\n", 0), ("ALICE", "password\n", 1), ("nobody", "plum orchard seventeen\n", 1),
            ] as [(String, String, Int32)] {
                let set = try await Program.run("user", "password", name, in: folder, input: input)
                #expect(set.status == status, "\(name): \(set.errors)")
                #expect(!(set.output + set.errors).contains("orchard"))
            }
        }
    }

    // design §0
    @Test func `migrate --check tells whether anything is missing`() async throws {
        try await withFolder { folder in
            let missing = try await Program.run("migrate", "--check", in: folder)
            #expect(missing.status == 1)
            #expect(missing.errors.contains("accounts"))
            let applied = try await Program.run("migrate", in: folder)
            #expect(applied.status == 0 && applied.output.contains("Applied: "))
            #expect(try await Program.run("migrate", "--check", in: folder).status == 0)
            #expect(try await Program.run("migrate", in: folder).output.contains("up to date"))
        }
    }

    // design §0: "exit 1 when something configured does not answer".
    @Test func `check shows every setting, hides secrets and tells by its exit code`() async throws {
        try await withFolder { folder in
            let secret = "a-secret-of-more-than-32-characters"
            let good = try await Program.run(
                "check",
                in: folder,
                environment: ["EMPORIUM_SECRET_KEY": secret, "EMPORIUM_OIDC_ALLOW_HTTP": "true", "EMPORIUM_RULES": "team"]
            )
            #expect(good.status == 0, "\(good.output) \(good.errors)")
            for name in ["EMPORIUM_DATABASE_URL", "EMPORIUM_STORAGE_URL", "EMPORIUM_RATE_LIMITS", "EMPORIUM_PUBLIC_URL"] {
                #expect(good.output.contains(name))
            }
            #expect(good.outputLines.first { $0.contains("EMPORIUM_RULES") }?.contains("team") == true)
            #expect(good.outputLines.first { $0.contains("EMPORIUM_OIDC_ALLOW_HTTP") }?.contains("ignored") == true)
            #expect(!good.output.contains(secret))

            try "x".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
            for environment in [
                ["EMPORIUM_STORAGE_URL": "file:\(folder)/file"], ["EMPORIUM_DATABASE_URL": "sqlite:\(folder)/missing/a.sqlite"],
                ["EMPORIUM_DATA": "\(folder)/file"], ["EMPORIUM_MAIL_URL": "smtp://user:hidden@127.0.0.1:1"],
                ["EMPORIUM_SEARCH_URL": "opensearch+http://user:hidden@127.0.0.1:1/emporium"],
                [
                    "EMPORIUM_DATABASE_URL": "postgres://user:hidden@127.0.0.1:1/db", "EMPORIUM_PUBLIC_URL": "https://packages.example",
                    "EMPORIUM_SECRET_KEY": secret,
                ],
            ] {
                let bad = try await Program.run("check", in: folder, environment: environment)
                #expect(bad.status == 1, "\(environment): \(bad.output)")
                #expect(bad.output.contains("FAILS"))
                #expect(!(bad.output + bad.errors).contains("hidden"), "\(bad.output) \(bad.errors)")
            }
        }
    }

    // design §0: "can be stopped and resumed".
    @Test func `seed twice makes the same projects once`() async throws {
        try await withFolder { folder in
            for run in 1...2 {
                let seeded = try await Program.run("seed", "--projects", "3", in: folder)
                #expect(seeded.status == 0, "run \(run): \(seeded.errors)")
                #expect(seeded.output.isEmpty)
                let database = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
                let rows = try await database.query(
                    "SELECT (SELECT COUNT(*) FROM projects) AS projects, (SELECT COUNT(*) FROM files) AS files, (SELECT COUNT(*) FROM pending_files) AS pending"
                )
                #expect(try rows[0]["projects", as: Int.self] == 3)
                #expect(try rows[0]["files", as: Int.self] == 12)
                #expect(try rows[0]["pending", as: Int.self] == 0)
                await database.close()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/emporium-data/incoming").isEmpty)
        }
    }

    @Test func `a wrong command line is explained, with exit code 64`() async throws {
        try await withFolder { folder in
            for arguments in [["serv"], ["serve", "--prot", "1"], ["token"], ["user", "create", "alice"]] {
                let result = try await RunningProgram(arguments, in: folder).result()
                #expect(result.status == 64 || (arguments == ["token"] && result.status == 0), "\(arguments): \(result.status)")
            }
            #expect(try await Program.run("--version", in: folder).status == 0)
            let help = try await Program.run("--help", in: folder)
            for command in ["serve", "work", "migrate", "user", "token", "check", "seed"] { #expect(help.output.contains(command)) }
        }
    }

    // House rule: never secrets in the log, not even at its loudest.
    @Test func `nothing of a token reaches the log`() async throws {
        try await withFolder { folder in
            _ = try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder)
            let token = try await Program.run("token", "create", "alice", in: folder).outputLines[0]
            let program = try RunningProgram(["serve", "--port", "0"], in: folder, environment: ["EMPORIUM_LOG_LEVEL": "trace"])
            let client = WebClient(port: try await program.ready())
            let bearer = "Bearer \(token)"
            let basic = WebClient.basic("__token__", token)
            let password = "a-password-nobody-may-see"
            #expect(try await client.upload(.wheel("demo", "1.0"), authorization: bearer).status == 200)
            #expect(try await client.upload(.wheel("demo", "2.0"), authorization: basic).status == 200)
            #expect(try await client.upload(.wheel("demo", "3.0"), authorization: WebClient.basic("alice", password)).status == 403)
            #expect(try await client.upload(.wheel("demo", "3.0").with("version", "x"), authorization: bearer).status == 400)
            #expect(try await client.upload(.wheel("demo", "3.0"), authorization: bearer + "x").status == 403)
            #expect(try await client.get("/simple/?token=\(token)", ["Authorization": bearer]).status == 200)
            _ = try await client.withConnection { connection in
                connection.send(
                    "POST /legacy/ HTTP/1.1\r\nHost: x\r\nAuthorization: \(bearer)\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100\r\n\r\n--x"
                )
                connection.reset()
            }
            _ = try await client.exchange(Array("BROKEN \(token)\r\n\r\n".utf8))
            try await Task.sleep(for: .milliseconds(300))
            program.signal(SIGTERM)
            let result = try await program.result()
            let log = result.errors + result.output
            #expect(log.contains("POST /legacy/ 200"), "the log is empty, so this proves nothing: \(log)")

            // The token's packet: its last 32 bytes are the signature, the key is sealed in the database.
            var padded = String(token.dropFirst(5)).replacing("-", with: "+").replacing("_", with: "/")
            while !padded.count.isMultiple(of: 4) { padded += "=" }
            let packet = try #require(Data(base64Encoded: padded))
            let signature = packet.suffix(32)
            let database = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
            let sealed: [UInt8] = try await database.query("SELECT sealed_key FROM api_tokens")[0]["sealed_key"]
            await database.close()
            func hexadecimal(_ bytes: some Sequence<UInt8>) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
            let secretKey = try String(contentsOfFile: "\(folder)/emporium-data/secret-key", encoding: .utf8)
            for secret in [
                token, String(token.suffix(30)), Data(signature).base64EncodedString(), hexadecimal(signature), String(basic.dropFirst(6)),
                hexadecimal(sealed),
                Data(sealed).base64EncodedString(), secretKey, password,
            ] {
                #expect(!log.localizedCaseInsensitiveContains(secret), "a secret is in the log")
            }
        }
    }
}
