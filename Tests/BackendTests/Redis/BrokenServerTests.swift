// Servers that break the protocol: the connection ends, nobody gets another's answer, and nothing is held that does not end.

import Backends
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct BrokenServerTests {
    @Test(arguments: [
        "hello\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "$-7\r\n", "*4000000000\r\n", "$99999999999\r\n", "*?\r\n",
        String(repeating: "*1\r\n", count: 100), "*1\r\n>1\r\n:1\r\n", "+" + String(repeating: "x", count: 100_000),
    ])
    func `what is not understood ends the connection`(text: String) async throws {
        let server = try ScriptedRedis { _ in text }
        let client = try server.client()
        defer { client.close() }
        let error = try await client.failure(of: RedisCommand(["PING"]))
        guard case .interrupted(let reason) = error else { throw ProgramError(description: "\(error)") }
        #expect(reason.hasPrefix("what it said is not understood"))
        #expect(error.mayHaveRun)
    }

    @Test func `an answer that nobody asked for ends the connection before it is anybody's`() async throws {
        let server = try ScriptedRedis { $0.first == "PING" ? "+PONG\r\n+MORE\r\n" : "+RIGHT\r\n" }
        let client = try server.client()
        defer { client.close() }
        #expect(try await client.ping() == "PONG")
        try await waitUntil("there is another connection") { (try? await client.run(RedisCommand(["OTHER"])).text) == "RIGHT" }
        #expect(server.connections > 1)
    }

    @Test func `half an answer is none`() async throws {
        let server = try ScriptedRedis { $0.first == "PING" ? "$10\r\nhal" : nil }
        var options = RedisOptions.patient
        options.timeout = .milliseconds(300)
        let client = try server.client(options)
        defer { client.close() }
        guard case .timedOut = try await client.failure(of: RedisCommand(["PING"])) else { throw ProgramError(description: "it was taken") }
    }

    @Test func `a server that always hangs up is not asked without end`() async throws {
        let server = try ScriptedRedis { _ in nil }
        let client = try server.client()
        defer { client.close() }
        var isUnavailable = false
        try await waitUntil("nobody is let through") {
            if case .unavailable = try await client.failure(of: RedisCommand(["PING"])) { isUnavailable = true }
            return isUnavailable
        }
        let error = try await client.failure(of: RedisCommand(["PING"]))
        #expect(!error.description.contains("answered:"))
    }

    @Test func `a server that refuses the login is not used`() async throws {
        let server = try ScriptedRedis { _ in "-ERR unknown command\r\n" }
        let location = try RedisLocation("redis://127.0.0.1:\(server.port)/1")
        let client = try RedisClient(location, options: .patient)
        defer { client.close() }
        // It greets, and knows no SELECT.
        #expect(try await !client.failure(of: RedisCommand(["PING"])).mayHaveRun)
    }
}
