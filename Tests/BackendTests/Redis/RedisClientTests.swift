// The client with a real server, and what it does when that misbehaves.

import Backends
import Foundation
import TestSupport
import Testing

extension RedisClient {
    func ping(timeout: Duration? = nil) async throws(RedisError) -> String? { try await run(RedisCommand(["PING"]), timeout: timeout).text }

    func set(_ key: RedisWord, _ value: RedisWord) async throws(RedisError) -> String? {
        try await run(RedisCommand(["SET", key, value], key: key)).text
    }

    func get(_ key: RedisWord) async throws(RedisError) -> String? { try await run(RedisCommand(["GET", key], key: key)).text }

    /// The error of a command that must fail.
    func failure(of command: RedisCommand, timeout: Duration? = nil) async throws -> RedisError {
        do throws(RedisError) {
            let answer = try await run(command, timeout: timeout)
            throw RedisError.refused(RESPError("it was answered: \(answer)"))
        } catch {
            return error
        }
    }
}

@Suite(.timeLimit(.minutes(3))) struct RedisClientTests {
    private func withServer(_ arguments: String..., body: (RedisServer, RedisClient) async throws -> Void) async throws {
        try await withFolder { folder in
            let server = try await RedisServer(in: folder)
            let client = try server.client()
            defer { client.close() }
            if arguments.count == 2 {
                _ = try await client.run(RedisCommand(["CONFIG", "SET", RedisWord(arguments[0]), RedisWord(arguments[1])]))
            }
            try await body(server, client)
        }
    }

    @Test func `commands of many callers are each given their own answer`() async throws {
        try await withServer { _, client in
            let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<2000 {
                    group.addTask { try await client.run(RedisCommand(["ECHO", RedisWord(number)]), timeout: .seconds(30)).text == "\(number)" }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answers == 2000)
            // All over one connection, with a name.
            try await waitUntil("there is no other connection, of who waited for the server") {
                let clients = try await client.run(RedisCommand(["CLIENT", "LIST"])).text ?? ""
                return clients.split(separator: "\n").count { $0.contains("name=emporium ") } == 1
            }
            let large = RedisWord(Array(repeating: 0x0D, count: 3 << 20))
            #expect(try await client.set("large", large) == "OK")
            #expect(try await client.run(RedisCommand(["GET", "large"]), timeout: .seconds(10)).bytes == large.bytes)
        }
    }

    @Test func `answers of version 3 come as what they are`() async throws {
        try await withServer { _, client in
            #expect(try await client.run(RedisCommand(["HELLO"]))["proto"] == .integer(3))
            _ = try await client.run(RedisCommand(["HSET", "h", "a", "1"]))
            #expect(try await client.run(RedisCommand(["HGETALL", "h"])) == .map([RESPPair(.bulk([97]), .bulk([49]))]))
            #expect(try await client.get("nothing") == nil)
            #expect(try await client.failure(of: RedisCommand(["LPUSH", "h", "1"])).description.contains("WRONGTYPE"))
        }
    }

    @Test func `databases are apart`() async throws {
        try await withServer { server, client in
            let other = try RedisClient(RedisLocation(server.url(database: 5)), options: .patient)
            defer { other.close() }
            #expect(try await other.set("a", "1") == "OK")
            #expect(try await client.get("a") == nil)
        }
    }

    @Test func `a wrong password is said at once, and never repeated`() async throws {
        try await withServer { server, _ in
            let wrong = try server.client(password: "a-wrong-word")
            defer { wrong.close() }
            let error = try await wrong.failure(of: RedisCommand(["PING"]))
            #expect(error.description.contains("WRONGPASS"))
            #expect(!error.description.contains("a-wrong-word"))
            let none = try RedisClient(RedisLocation("redis://127.0.0.1:\(server.port)"), options: .patient)
            defer { none.close() }
            #expect(try await none.failure(of: RedisCommand(["PING"])).description.contains("NOAUTH"))
        }
    }

    @Test func `a server that is not there fails at once, and is found when it comes`() async throws {
        try await withServer { server, client in
            try await server.kill()
            try await waitUntil("it is known to be gone") {
                if case .unavailable = try await client.failure(of: RedisCommand(["PING"])) { true } else { false }
            }
            // Nobody waits any more.
            for _ in 0..<1000 {
                let error = try await client.failure(of: RedisCommand(["PING"]), timeout: .seconds(60))
                #expect(!error.mayHaveRun)
            }
            try await server.start()
            try await waitUntil("it answers again") { (try? await client.ping()) == "PONG" }
        }
    }

    @Test func `a connection that the server cuts off is made again without anybody noticing`() async throws {
        try await withServer { _, client in
            #expect(try await client.ping() == "PONG")
            let id = try await client.run(RedisCommand(["CLIENT", "ID"])).integer
            _ = try? await client.run(RedisCommand(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"]))
            try await waitUntil("there is another connection") {
                let now = try? await client.run(RedisCommand(["CLIENT", "ID"])).integer
                return now != nil && now != id
            }
        }
    }

    @Test func `while the server hangs callers wait for their deadline at most, and soon not at all`() async throws {
        try await withServer { server, client in
            #expect(try await client.ping() == "PONG")
            server.pause()
            defer { server.resume() }
            let error = try await client.failure(of: RedisCommand(["INCR", "n"]), timeout: .seconds(2))
            #expect(error == .timedOut(.seconds(2), mayHaveRun: true))
            // The connection is given up, and nothing more is sent or kept.
            for _ in 0..<5000 {
                guard case .unavailable = try await client.failure(of: RedisCommand(["PING"]), timeout: .seconds(60)) else {
                    Issue.record("somebody waited")
                    break
                }
            }
            server.resume()
            try await waitUntil("it answers again") { (try? await client.ping()) == "PONG" }
            // What was on its way had arrived: that is why it may have run.
            #expect(try await client.get("n") == "1")
        }
    }

    @Test func `a command that is not answered in time ends the connection for all that wait on it`() async throws {
        try await withServer { server, client in
            let watcher = try server.client()
            defer { watcher.close() }
            async let slow = client.failure(of: RedisCommand(["BLPOP", "nothing", "0"]), timeout: .seconds(600))
            try await waitUntil("it blocks") { try await watcher.run(RedisCommand(["INFO", "clients"])).text?.contains("blocked_clients:1") == true }
            #expect(try await client.failure(of: RedisCommand(["PING"]), timeout: .seconds(1)) == .timedOut(.seconds(1), mayHaveRun: true))
            // It is not known whether the server still lives.
            guard case .interrupted = try await slow else { throw ProgramError(description: "it was told something else") }
            try await waitUntil("it answers again") { (try? await client.ping()) == "PONG" }
        }
    }

    @Test func `more than may wait is refused at once`() async throws {
        try await withServer { server, _ in
            var options = RedisOptions.patient
            options.commandLimit = 10
            options.byteLimit = 100_000
            let client = try server.client(options: options)
            defer { client.close() }
            #expect(try await client.ping() == "PONG")
            /// Sends so many while the server stands still, lets it go on when all but `waiting` are refused, and returns how many were not answered.
            func unanswered(_ command: RedisCommand, times count: Int, butFor waiting: Int) async -> [RedisError] {
                server.pause()
                defer { server.resume() }
                return await withTaskGroup(of: RedisError?.self) { group in
                    for _ in 0..<count {
                        group.addTask {
                            do throws(RedisError) { _ = try await client.run(command, timeout: .seconds(120)) } catch { return error }
                            return nil
                        }
                    }
                    var errors: [RedisError] = []
                    for await case let error? in group {
                        errors.append(error)
                        if errors.count == count - waiting { server.resume() }
                    }
                    return errors
                }
            }
            let few = await unanswered(RedisCommand(["PING"]), times: 50, butFor: 10)
            // A command is counted for a moment after its answer.
            #expect(few.count >= 40 && few.allSatisfy { $0 == .busy(commands: 10) }, "\(few)")
            let large = RedisCommand(["SET", "a", RedisWord(Array(repeating: 1, count: 60_000))])
            let many = await unanswered(large, times: 2, butFor: 1)
            #expect(many.count >= 1 && many.allSatisfy { if case .busy = $0 { true } else { false } }, "\(many)")
            #expect(try await client.ping() == "PONG")
        }
    }

    @Test func `a full server takes nothing and still gives`() async throws {
        try await withServer("maxmemory-policy", "noeviction") { _, client in
            #expect(try await client.set("kept", "1") == "OK")
            _ = try await client.run(RedisCommand(["CONFIG", "SET", "maxmemory", "1"]))
            #expect(try await client.failure(of: RedisCommand(["SET", "more", "1"])).description.contains("OOM"))
            #expect(try await client.get("kept") == "1")
        }
    }

    @Test func `scripts are known by their digest, also to a server that has forgotten them`() async throws {
        try await withServer { _, client in
            let script = RedisScript("return {KEYS[1], ARGV[1]}")
            for _ in 0..<2 {
                #expect(try await client.evaluate(script, keys: ["k"], arguments: ["a"]) == .array([.bulk([107]), .bulk([97])]))
                #expect(try await client.run(RedisCommand(["SCRIPT", "EXISTS", RedisWord(script.digest)])) == .array([.integer(1)]))
                _ = try await client.run(RedisCommand(["SCRIPT", "FLUSH"]))
            }
        }
    }

    @Test func `messages are heard, and heard again after the server was gone`() async throws {
        try await withServer { server, client in
            let heard = client.messages(on: "news")
            let other = client.messages(on: "news")
            try await waitUntil("it listens") { client.isListening(to: "news") }
            client.tell(RedisCommand(["PUBLISH", "news", "one"]))
            client.tell(RedisCommand(["PUBLISH", "elsewhere", "no"]))
            var messages = heard.makeAsyncIterator()
            #expect(await messages.next() == Array("one".utf8))
            var others = other.makeAsyncIterator()
            #expect(await others.next() == Array("one".utf8))
            try await server.kill()
            try await waitUntil("it hears nothing") { !client.isListening(to: "news") }
            // Lost: nobody keeps it.
            client.tell(RedisCommand(["PUBLISH", "news", "two"]))
            try await server.start()
            try await waitUntil("it listens again") { client.isListening(to: "news") }
            try await waitUntil("it answers again") { (try? await client.ping()) == "PONG" }
            client.tell(RedisCommand(["PUBLISH", "news", "three"]))
            #expect(await messages.next() == Array("three".utf8))
        }
    }

    @Test func `who hangs up hears nothing, and the server is told`() async throws {
        try await withServer { _, client in
            do {
                let heard = client.messages(on: "news")
                try await waitUntil("it listens") { client.isListening(to: "news") }
                _ = heard
            }
            try await waitUntil("nobody listens") {
                try await client.run(RedisCommand(["PUBSUB", "NUMSUB", "news"])).elements?.last?.integer == 0
            }
        }
    }

    @Test func `a listener's connection that dies silently is made again`() async throws {
        try await withServer { server, client in
            var options = RedisOptions()
            options.listeningCheck = .milliseconds(50)
            options.timeout = .milliseconds(200)
            options.connectTimeout = .milliseconds(300)
            let listener = try server.client(options: options)
            defer { listener.close() }
            let heard = listener.messages(on: "news")
            try await waitUntil("it listens") { listener.isListening(to: "news") }
            server.pause()
            try await waitUntil("it notices") { !listener.isListening(to: "news") }
            server.resume()
            try await waitUntil("it listens again") { listener.isListening(to: "news") }
            _ = heard
        }
    }

    @Test func `what is no Redis is given up`() async throws {
        let listener = try SilentListener()
        var options = RedisOptions()
        options.connectTimeout = .milliseconds(200)
        let silent = try RedisClient(RedisLocation("redis://127.0.0.1:\(listener.port)"), options: options)
        defer { silent.close() }
        #expect(try await !silent.failure(of: RedisCommand(["PING"]), timeout: .seconds(10)).mayHaveRun)
        let nobody = try RedisClient(RedisLocation("redis://no-such-host.invalid"), options: .patient)
        defer { nobody.close() }
        guard case .unavailable = try await nobody.failure(of: RedisCommand(["PING"]), timeout: .seconds(20)) else {
            throw ProgramError(description: "it was sent")
        }
    }

    @Test func `a client that is closed fails whoever asks`() async throws {
        try await withServer { _, client in
            #expect(try await client.ping() == "PONG")
            client.close()
            guard case .unavailable = try await client.failure(of: RedisCommand(["PING"])) else { throw ProgramError(description: "it was sent") }
            let messages = client.messages(on: "news")
            for await _ in messages { Issue.record("a message") }
        }
    }
}
