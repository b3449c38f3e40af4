// What programs get from the tests, and what the tests learn of them.

import Foundation
import Glibc
import TestPrograms
import Testing

@Suite struct ChildProcessTests {
    private func shell(_ script: String, input: String = "", environment: [String: String]? = nil) async throws -> FinishedProgram {
        try await ChildProcess.run(["/bin/sh", "-c", script], environment: environment, input: Data(input.utf8))
    }

    @Test func `a program gets three descriptors, whatever else is open`() async throws {
        // Without close-on-exec, and far up.
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let high = fcntl(ends[0], F_DUPFD, 900)
        defer { for descriptor in ends + [high] { close(descriptor) } }
        // The last one is the folder that is read.
        #expect(try await ChildProcess.run(["/bin/ls", "/proc/self/fd"]).text == "0\n1\n2\n3\n")
    }

    @Test func `none of a program's descriptors stays open`() async throws {
        func own(_ name: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.contains(name) == true
            }.count
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "programs-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "in".write(toFile: "\(folder)/in", atomically: true, encoding: .utf8)
        let process = try ChildProcess(["/bin/cat"], input: .file("\(folder)/in"), output: .file("\(folder)/out"), errors: .file("\(folder)/err"))
        #expect(try own(folder) == 0)
        #expect(try await process.wait() == .exited(0))
        #expect(try String(contentsOfFile: "\(folder)/out", encoding: .utf8) == "in")
    }

    @Test(arguments: [
        ("exit 0", ChildProcess.Ending.exited(0)), ("exit 3", .exited(3)), ("kill -9 $$", .killed(by: 9)), ("kill -15 $$", .killed(by: 15)),
    ])
    func `an exit code is told from a signal`(script: String, expected: ChildProcess.Ending) async throws {
        let ended = try await shell(script)
        #expect(ended.ending == expected)
        if expected == .exited(0) { _ = try ended.succeeded() } else { #expect(throws: ChildProcessFailure.self) { try ended.succeeded() } }
    }

    @Test func `the environment and the folder are those that were given`() async throws {
        let ended = try await ChildProcess.run(["/usr/bin/env"], environment: ["A": "b=c", "EMPTY": ""])
        #expect(Set(ended.text.split(separator: "\n")) == ["A=b=c", "EMPTY="])
        #expect(try await ChildProcess.run(["/bin/pwd"], in: "/usr/lib").text == "/usr/lib\n")
    }

    @Test func `much output is whole, and apart from the errors`() async throws {
        let input = String(repeating: "0123456789", count: 500_000)
        let ended = try await shell("cat; echo no >&2", input: input)
        #expect(ended.text == input)
        #expect(ended.errors == "no\n")
        var read = 0
        #expect(try ChildProcess.run(["/usr/bin/head", "-c", "5000000", "/dev/zero"]) { read += $0.count } == .exited(0))
        #expect(read == 5_000_000)
    }

    @Test func `one whose reader throws is killed`() async throws {
        struct Enough: Error {}
        #expect(throws: Enough.self) { _ = try ChildProcess.run(["/bin/cat", "/dev/zero"]) { _ in throw Enough() } }
    }

    @Test func `no signal is blocked or ignored`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let lines = try await ChildProcess.run(["/bin/cat", "/proc/self/status"]).text.split(separator: "\n")
        for name in ["SigBlk:\t", "SigIgn:\t"] {
            let line = try #require(lines.first { $0.hasPrefix(name) })
            let signals = try #require(UInt64(line.dropFirst(name.count), radix: 16))
            // The C library keeps the signals 32 and 33 to itself.
            #expect(signals & ~(0b11 << 31) == 0, "\(line)")
        }
    }

    @Test func `many wait for one, and it gets signals meanwhile`() async throws {
        let process = try ChildProcess(["/bin/sleep", "1000"], output: .file("/dev/null"))
        #expect(process.isRunning)
        try await withThrowingTaskGroup(of: ChildProcess.Ending.self) { group in
            for _ in 0..<8 { group.addTask { try await process.wait() } }
            process.signal(SIGTERM)
            for try await ending in group { #expect(ending == .killed(by: SIGTERM)) }
        }
        #expect(!process.isRunning)
    }

    @Test func `one that is paused ends, with what it started`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "programs-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = try ChildProcess(["/bin/sh", "-c", "sleep 1000 & echo $!; wait"], output: .file("\(folder)/out"))
        func child() -> pid_t? { (try? String(contentsOfFile: "\(folder)/out", encoding: .utf8)).flatMap { pid_t($0.dropLast()) } }
        while child() == nil { try await Task.sleep(for: .milliseconds(5)) }
        let other = try #require(child())
        process.signal(SIGSTOP, toAll: true)
        #expect(process.end(by: SIGKILL) == .killed(by: SIGKILL))
        // Somebody else's child by now, who may be slow to see that it has ended.
        func runs() -> Bool {
            guard let status = try? String(contentsOfFile: "/proc/\(other)/stat", encoding: .utf8) else { return false }
            return !status.contains(") Z")
        }
        while runs() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func `what is not there does not start`() async throws {
        await #expect(throws: ChildProcessFailure.self) { try await ChildProcess.run(["/nowhere/program"]) }
        await #expect(throws: ChildProcessFailure.self) { try await ChildProcess.run(["/bin/true"], in: "/nowhere") }
    }
}
