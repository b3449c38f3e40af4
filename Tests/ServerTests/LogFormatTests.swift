// Log lines for machines.

import Foundation
import Logging
import SQLDatabase
import SQLiteEngine
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite(.serialized, .timeLimit(.minutes(5))) struct LogFormatTests {
    private func parse(_ line: some StringProtocol) throws -> [String: String] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String], "\(line)")
    }

    @Test func `whatever is logged is one line of JSON that reads back the same`() throws {
        let nasty = "quote \" backslash \\ line\nfeed \r tab \t null \u{0} escape \u{1B} \u{7F} \u{85} \u{2028}\u{2029} ünï 📦"
        let line = JSONLogHandler.line(
            at: Date(timeIntervalSince1970: 1_795_256_416.5),
            .warning,
            nasty,
            ["plain": "a", "nested": ["inner": ["deep": "b"], "list": ["c", "d"]], "key \"\n": "\(nasty)", "time": "mine", "level": "mine"]
        )
        #expect(line.last == UInt8(ascii: "\n"))
        #expect(line.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let object = try parse(String(decoding: line, as: UTF8.self))
        #expect(
            object == [
                "time": "2026-11-21T10:20:16.500Z", "level": "warning", "message": nasty, "plain": "a", "nested.inner.deep": "b",
                "nested.list.0": "c",
                "nested.list.1": "d", "key \"\n": nasty, "time_": "mine", "level_": "mine",
            ]
        )
    }

    @Test func `what a line is about comes from its logger, its call and its task, the nearest first`() throws {
        let lines = Mutex<[[UInt8]]>([])
        var logger = Logger(label: "test") { _ in
            JSONLogHandler(Logger.MetadataProvider { ["a": "task", "b": "task", "c": "task"] }) { line in lines.withLock { $0.append(line) } }
        }
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger.info("Hello.", metadata: ["a": "call"])
        logger.debug("Not at this level.")
        #expect(lines.withLock { $0.count } == 1)
        let object = try parse(String(decoding: lines.withLock { $0[0] }, as: UTF8.self))
        #expect(object["a"] == "call" && object["b"] == "logger" && object["c"] == "task" && object["message"] == "Hello.")
    }

    @Test func `a server's lines are JSON, each request's is found by the name in its answer, counters count, and no secret is logged`() async throws
    {
        try await withFolder { folder in
            let secrets = ["a-metrics-secret-of-tests", "a-secret-key-of-at-least-32-characters"]
            let environment = [
                "EMPORIUM_LOG_FORMAT": "json", "EMPORIUM_LOG_LEVEL": "debug", "EMPORIUM_METRICS_ACCESS": "token:\(secrets[0])",
                "EMPORIUM_SECRET_KEY": secrets[1],
            ]
            #expect(
                try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder, environment: environment).status == 0
            )
            let token = try #require(try await Program.run("token", "create", "alice", in: folder, environment: environment).outputLines.first)
            let program = try RunningProgram(["serve", "--port", "0"], in: folder, environment: environment)
            let client = WebClient(port: try await program.ready())
            var expected: [String: String] = [:]
            for target in ["/simple/", "/nothing/%0a%22", "/_ready/", "/_health/", "/simple/x/?secret=query"] {
                let name = try #require(try await client.get(target)["X-Request-Id"])
                expected[name] = "GET \(target.prefix { $0 != "?" })"
            }
            let upload = try await client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(token)")
            #expect(upload.status == 200)
            expected[try #require(upload["X-Request-Id"])] = "POST /legacy/"
            // The job that every new project brings.
            let authorization = "Bearer \(secrets[0])"
            #expect(try await client.get("/metrics").status == 404)
            while true {
                let metrics = try await client.get("/metrics", ["Authorization": authorization]).text
                if metrics.contains(#"emporium_jobs_total{kind="check-for-typo",outcome="done"} 1"#) {
                    #expect(metrics.contains(#"emporium_build_info{version="0."#))
                    break
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            program.signal(SIGTERM)
            let result = try await program.result()
            #expect(result.status == 0)
            var found: [String: String] = [:]
            for line in result.errorLines {
                let object = try parse(line)
                let time = try #require(object["time"])
                #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
                #expect(object["level"].flatMap { Logger.Level(rawValue: $0) } != nil)
                #expect(object["message"]?.isEmpty == false)
                #expect(object["hb.request.id"] == nil)
                if let name = object["request.id"], let message = object["message"], message.hasPrefix("GET ") || message.hasPrefix("POST ") {
                    found[name] = String(message.dropLast(4))
                }
            }
            for (name, request) in expected { #expect(found[name] == request) }
            for secret in secrets + [token, "secret=query"] { #expect(!result.errors.contains(secret)) }
        }
    }

    @Test func `while another program holds the database file the server is alive but not ready, and ready afterwards`() async throws {
        try await withFolder { folder in
            let program = try RunningProgram(["serve", "--port", "0", "--no-worker"], in: folder)
            let client = WebClient(port: try await program.ready())
            #expect(try await client.get("/_ready/").status == 200)
            let other = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
            let gate = DispatchSemaphore(value: 0)
            let isHeld = Atomic<Bool>(false)
            // In WAL mode EXCLUSIVE keeps out the same as this: every other writer.
            async let holder: Void = other.write { _ in
                isHeld.store(true, ordering: .releasing)
                gate.wait()
            }
            while !isHeld.load(ordering: .acquiring) { await Task.yield() }
            // An answer from before may still be given for a moment.
            while try await client.get("/_ready/").status != 503 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try await client.get("/_health/").status == 200)
            #expect(try await client.get("/simple/").status == 200)
            gate.signal()
            try await holder
            await other.close()
            while try await client.get("/_ready/").status != 200 { try await Task.sleep(for: .milliseconds(50)) }
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }

    @Test func `settings of logs, metrics and the queue say what is wrong with them`() async throws {
        try await withFolder { folder in
            for (name, value) in [
                ("EMPORIUM_LOG_FORMAT", "xml"), ("EMPORIUM_METRICS_ACCESS", "everyone"), ("EMPORIUM_METRICS_ACCESS", "token:short"),
                ("EMPORIUM_METRICS_ACCESS", "token:with a space in the middle"), ("EMPORIUM_DATABASE_QUEUE", "0"),
            ] {
                let result = try await Program.run("check", in: folder, environment: [name: value])
                #expect(result.status == 1 && result.errors.contains(name), "\(name)=\(value): \(result.errors)")
                #expect(!result.errors.contains("with a space"))
            }
        }
    }
}
