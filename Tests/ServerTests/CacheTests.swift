// An index that shares a Redis with other processes, and what becomes of it when that is gone.

import Backends
import Foundation
import TestSupport
import Testing

@testable import Server

@Suite(.serialized, .timeLimit(.minutes(5))) struct CacheTests {
    private let secret = ["EMPORIUM_SECRET_KEY": "a secret key that only the cache tests know", "EMPORIUM_PYTHON": "/no/interpreter"]

    /// Starts nothing: a folder with the user alice and her token.
    private func makeIndex(in folder: String) async throws -> String {
        _ = try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder, environment: secret)
        guard let token = try await Program.run("token", "create", "alice", in: folder, environment: secret).outputLines.first else {
            throw ProgramError(description: "no token")
        }
        return "Bearer \(token)"
    }

    private func serve(in folder: String, cache: String) async throws -> (program: RunningProgram, client: WebClient) {
        let program = try RunningProgram(["serve", "--port", "0"], in: folder, environment: secret.merging(["EMPORIUM_CACHE_URL": cache]) { $1 })
        return (program, WebClient(port: try await program.ready()))
    }

    private func stop(_ program: RunningProgram) async throws {
        program.signal(SIGTERM)
        let result = try await program.result()
        #expect(result.status == 0)
        #expect(!result.errors.contains(" error emporium"), "\(result.errors)")
        #expect(!result.errors.contains(RedisServer.password))
    }

    @Test func `without its Redis an index goes on, says so, and finds it again`() async throws {
        try await withFolder { folder in
            let redis = try await RedisServer(in: folder)
            let authorization = try await makeIndex(in: folder)
            let (program, client) = try await serve(in: folder, cache: redis.url())
            func publish(_ version: String) async throws {
                #expect(try await client.upload(.wheel("apple", version), authorization: authorization).status == 200)
                #expect(try await client.get("/simple/apple/").text.contains("apple-\(version)-py3-none-any.whl"))
            }
            func isReady(_ text: String) async throws -> Bool {
                let answer = try await client.get("/_ready/")
                #expect(answer.status == 200)
                return answer.text == text
            }
            try await publish("1.0")
            try await waitUntil("all is well") { try await isReady("OK\n") }
            let without = "OK\ncache: it does not answer; everything goes on without it\n"

            // Hanging, gone, full.
            redis.pause()
            try await publish("2.0")
            #expect(try await client.get("/simple/pear/").status == 404)
            try await waitUntil("it is noticed that it hangs") { try await isReady(without) }
            try await publish("3.0")
            redis.resume()
            try await waitUntil("it is back") { try await isReady("OK\n") }

            try await redis.kill()
            try await publish("4.0")
            try await waitUntil("it is noticed that it is gone") { try await isReady(without) }
            try await publish("5.0")
            try await redis.start()
            try await waitUntil("it is back again") { try await isReady("OK\n") }

            let operator_ = try redis.client()
            defer { operator_.close() }
            _ = try await operator_.run(RedisCommand(["CONFIG", "SET", "maxmemory", "1"]))
            try await publish("6.0")
            try await stop(program)
            // And it starts without it.
            try await redis.kill()
            let again = try await serve(in: folder, cache: redis.url())
            #expect(try await again.client.get("/simple/apple/").text.contains("apple-6.0-py3-none-any.whl"))
            try await stop(again.program)
            #expect(again.program.errors.contains("The cache can not be used now"))
        }
    }

    @Test func `processes tell each other what they touched`() async throws {
        try await withFolder { folder in
            let redis = try await RedisServer(in: folder)
            let authorization = try await makeIndex(in: folder)
            let (one, first) = try await serve(in: folder, cache: redis.url(options: "prefix=a:"))
            let (two, second) = try await serve(in: folder, cache: redis.url(options: "prefix=a:"))
            let watcher = try redis.client()
            defer { watcher.close() }
            var channel = ""
            try await waitUntil("both listen") {
                channel =
                    try await watcher.run(RedisCommand(["PUBSUB", "CHANNELS", "a:emporium:*:channel:touched-tags"])).elements?.first?.text ?? ""
                return try await watcher.run(RedisCommand(["PUBSUB", "NUMSUB", RedisWord(channel)])).elements?.last?.integer == 2
            }
            let heard = watcher.messages(on: channel)
            try await waitUntil("so does the test") { watcher.isListening(to: channel) }
            for version in 1...5 {
                #expect(try await first.upload(.wheel("apple", "\(version)"), authorization: authorization).status == 200)
                try await waitUntil("the other one has it") {
                    try await second.get("/simple/apple/").text.contains("apple-\(version)-py3-none-any.whl")
                }
            }
            var messages = heard.makeAsyncIterator()
            // A version, a checksum, the process's signature.
            #expect(await messages.next()?.count == 41)
            try await stop(one)
            try await stop(two)
        }
    }

    @Test func `two indexes with one Redis are told apart, and the second does not start`() async throws {
        try await withFolder { folder in
            let redis = try await RedisServer(in: folder)
            let (one, _) = try await serve(in: folder, cache: redis.url())
            let other = "\(folder)/other"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            var environment = secret.merging(["EMPORIUM_CACHE_URL": redis.url()]) { $1 }
            environment["EMPORIUM_SECRET_KEY"] = "another secret key, of quite another index"
            let refused = try await RunningProgram(["serve", "--port", "0"], in: other, environment: environment).result()
            #expect(refused.status == 1)
            #expect(refused.errorLines.count == 1, "\(refused.errors)")
            #expect(refused.errors.contains("another index keeps its cache in Redis at 127.0.0.1:\(redis.port)"), "\(refused.errors)")
            let check = try await RunningProgram(["check"], in: other, environment: environment).result()
            #expect(check.status == 1)
            #expect(check.output.contains("another index keeps its cache"))
            environment["EMPORIUM_CACHE_URL"] = redis.url(database: 1)
            let (apart) = try RunningProgram(["serve", "--port", "0"], in: other, environment: environment)
            _ = try await apart.ready()
            try await stop(apart)
            try await stop(one)
        }
    }

    @Test func `check says what is wrong with a cache, and what will be`() async throws {
        try await withFolder { folder in
            let redis = try await RedisServer(in: folder)
            let client = try redis.client()
            defer { client.close() }
            func check(_ environment: [String: String]) async throws -> (status: Int32, rows: [String]) {
                let result = try await RunningProgram(["check"], in: folder, environment: secret.merging(environment) { $1 }).result()
                #expect(!(result.output + result.errors).contains(RedisServer.password))
                return (result.status, result.outputLines.filter { $0.hasPrefix("cache ") })
            }
            var answer = try await check(["EMPORIUM_CACHE_URL": redis.url()])
            #expect(answer.status == 0)
            #expect(answer.rows.count == 2, "\(answer.rows)")
            #expect(answer.rows.first?.contains("answers   Redis at 127.0.0.1:\(redis.port), version ") == true)
            #expect(answer.rows.last?.contains("WARNING   it has no maxmemory") == true)
            // Looking takes nothing.
            #expect(try await client.run(RedisCommand(["DBSIZE"])).integer == 0)
            answer = try await check([
                "EMPORIUM_CACHE_URL_SESSIONS": redis.url(database: 2), "EMPORIUM_CACHE_URL_RATE_LIMITS": redis.url(database: 3),
            ])
            #expect(answer.rows.count { $0.contains("answers") } == 2)
            #expect(try await check(["EMPORIUM_CACHE_URL": "memory:"]).rows.isEmpty)
            _ = try await client.run(RedisCommand(["CONFIG", "SET", "maxmemory", "1"]))
            answer = try await check(["EMPORIUM_CACHE_URL": redis.url()])
            #expect(answer.status == 1)
            #expect(answer.rows.first?.contains("can not be written: OOM") == true)
            answer = try await check(["EMPORIUM_CACHE_URL": redis.url(password: "wrong")])
            #expect(answer.status == 1)
            #expect(answer.rows.first?.contains("FAILS") == true && answer.rows.first?.contains("WRONGPASS") == true)
            let wrong = try await RunningProgram(["check"], in: folder, environment: ["EMPORIUM_CACHE_URL": "redis://h/secret"]).result()
            #expect(wrong.status != 0 && !wrong.errors.contains("secret"))
        }
    }
}
