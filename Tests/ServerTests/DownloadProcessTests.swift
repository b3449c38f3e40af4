// What downloads cost a process of their own.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct DownloadProcessTests {
    private static let path = "aa/bb/\(String(repeating: "c", count: 60))/large.whl"

    /// Runs `serve` with one file of zeros while `body` runs.
    private func serving(_ size: Int, under limits: [String] = [], _ body: (RunningProgram, WebClient) async throws -> Void) async throws {
        try await withFolder { folder in
            let program = try RunningProgram(["serve", "--port", "0"], in: folder, under: limits)
            let port = try await program.ready()
            let file = "\(folder)/emporium-data/files/\(Self.path)"
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
                withIntermediateDirectories: true
            )
            FileManager.default.createFile(atPath: file, contents: nil)
            #expect(truncate(file, size) == 0)
            try await body(program, WebClient(port: port))
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }

    /// A number out of a file of `/proc`.
    private func number(_ key: String, in file: String, of program: RunningProgram) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(program.processIdentifier)/\(file)", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(key) })
        return try #require(Int(line.dropFirst(key.count).filter(\.isNumber)))
    }

    private func openFiles(_ program: RunningProgram) -> Int {
        let folder = "/proc/\(program.processIdentifier)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)"))?.hasSuffix("large.whl") == true }
    }

    private func eventually(_ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool) async throws {
        for _ in 0..<3000 {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("never came true: \(what)", sourceLocation: sourceLocation)
    }

    @Test func `a file of 300 MB goes from the disk to the socket, past the process's memory`() async throws {
        let size = 300_000_000
        try await withFolder { trace in
            let strace = ["/usr/bin/strace", "-D", "-f", "-qq", "--seccomp-bpf", "-e", "trace=sendfile", "-o", "\(trace)/calls"]
            try await serving(size, under: strace) { program, client in
                let memory = try number("VmHWM:", in: "status", of: program)
                let answer = try await client.get("/packages/\(Self.path)")
                #expect(answer.status == 200 && answer.body.count == size)
                let grown = try number("VmHWM:", in: "status", of: program) - memory
                #expect(grown < 30_000, "\(grown) kB")
            }
            // The tracer ends after the program.
            try await eventually("all bytes went by sendfile") {
                let lines = try String(contentsOfFile: "\(trace)/calls", encoding: .utf8).split(separator: "\n")
                let sent = lines.compactMap { $0.split(separator: "=").last.flatMap { Int($0.filter { $0 != " " }) } }
                return sent.filter { $0 > 0 }.reduce(0, +) == size
            }
        }
    }

    @Test func `200 clients that read nothing cost next to nothing, and all is freed when they go`() async throws {
        // More than the usual soft limit would let in beside their files.
        try await serving(50_000_000, under: ["/usr/bin/prlimit", "--nofile=300:10000"]) { program, client in
            #expect(try await client.get("/_health/").status == 200)
            let memory = try number("VmRSS:", in: "status", of: program)
            let clients = try (0..<200).map { _ in try WebConnection(port: client.port) }
            for one in clients { one.send("GET /packages/\(Self.path) HTTP/1.1\r\nHost: x\r\n\r\n") }
            try await eventually("all downloads run") { openFiles(program) == 200 }
            #expect(try await client.get("/_health/").status == 200)
            let grown = try number("VmRSS:", in: "status", of: program) - memory
            #expect(grown < 200 * 100, "\(grown) kB")
            for one in clients { one.close() }
            try await eventually("all files are closed") { openFiles(program) == 0 }
        }
    }

    @Test func `check says when too few files may be open`() async throws {
        try await withFolder { folder in
            let few = try RunningProgram(["check"], in: folder, under: ["/usr/bin/prlimit", "--nofile=4096:4096"])
            let result = try await few.result()
            #expect(result.status == 0)
            #expect(result.outputLines.contains { $0.hasPrefix("open files") && $0.contains("FEW") && $0.contains("4096") && $0.contains("11000") })
            let enough = try await RunningProgram(["check"], in: folder, under: ["/usr/bin/prlimit", "--nofile=1024:20000"]).result()
            #expect(enough.outputLines.contains { $0.hasPrefix("open files") && $0.contains("enough") && $0.contains("20000") })
        }
    }
}
