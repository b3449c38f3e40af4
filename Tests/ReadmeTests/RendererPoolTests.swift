// Helpers that die, hang, wait, and many callers at once.

import Foundation
import Synchronization
import Testing

@testable import Readme

@Suite struct RendererPoolTests {
    @Test(arguments: [
        ("exhaust", "ran out of memory"), ("abort", "was ended by signal 6"), ("babble", "answered rubbish"), ("exit", "exited with status 3"),
    ])
    func `a text that helpers die of is tried twice, and the next one works`(text: String, how: String) async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits.patient
        limits.helpers = 1
        try await withRenderer(interpreter.path, limits: limits) { renderer async throws in
            #expect(try await renderer.render("a", contentType: "text/plain").html == "<pre>a</pre>")
            await #expect(throws: RendererFailure.died(how)) { try await renderer.render(text, contentType: "text/plain") }
            #expect(try interpreter.attempts == 2)
            #expect(try await renderer.render("b", contentType: "text/plain").html == "<pre>b</pre>")
        }
    }

    @Test func `a text that never ends is not tried again, and others are rendered meanwhile`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        let (limits, clock) = (RendererLimits.patient, StandingClock())
        try await withPool(interpreter.path, limits: limits, textClock: clock) { pool in
            let endless = Task { await pool.perform(.text("hang"), for: "mallory") }
            #expect(await pool.perform(.text("a"), for: "alice").html == "<pre>a</pre>")
            try await Interpreters.wait { try interpreter.attempts == 1 }
            clock.advance(by: .seconds(limits.seconds))
            #expect(await endless.value.failure == .timedOut(seconds: limits.seconds))
            #expect(await pool.perform(.text("b"), for: "alice").html == "<pre>b</pre>")
            #expect(try interpreter.attempts == 1)
        }
    }

    @Test func `the second helper's answer counts`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        try await withRenderer(interpreter.path) { renderer async throws in
            #expect(try await renderer.render("abort once", contentType: "text/plain").html == "<pre>abort once</pre>")
            #expect(try interpreter.attempts == 2)
        }
    }

    @Test func `what a library prints does not disturb the answers`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        try await withRenderer(interpreter.path) { renderer async throws in
            for _ in 0..<3 { #expect(try await renderer.render("print", contentType: "text/plain").html == "<pre>print</pre>") }
        }
    }

    @Test func `fifty callers share two helpers, each gets its own answer`() async throws {
        let tag = HelperTag()
        try await withRenderer(limits: tag.limits) { renderer async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask { () async throws in
                        let type = ["text/plain", "text/markdown", nil][number % 3]
                        #expect(try await renderer.render("text \(number)", contentType: type).html?.contains("text \(number)<") == true)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try tag.processes().count == 2)
        }
    }

    @Test func `texts are rendered in the order they came`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits.patient
        limits.helpers = 1
        let clock = StandingClock()
        try await withPool(interpreter.path, limits: limits, textClock: clock) { pool in
            // Occupies the helper while the others line up.
            let first = Task { await pool.perform(.text("hang"), for: "mallory") }
            try await Interpreters.wait { try interpreter.attempts == 1 }
            var waiting: [Task<RendererAnswer, Never>] = []
            for number in 0..<20 {
                waiting.append(Task { await pool.perform(.text("note \(number)"), for: "sender \(number)") })
                try await Interpreters.wait { pool.waitingTexts == number + 1 }
            }
            clock.advance(by: .seconds(limits.seconds))
            #expect(await first.value.failure == .timedOut(seconds: limits.seconds))
            for (number, task) in waiting.enumerated() { #expect(await task.value.html == "<pre>note \(number)</pre>") }
            #expect(try interpreter.notes == (0..<20).map { "note \($0)" })
        }
    }

    @Test func `a caller that is cancelled leaves at once, and the helper goes on`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits.patient
        limits.helpers = 1
        let clock = StandingClock()
        try await withPool(interpreter.path, limits: limits, textClock: clock) { pool in
            let working = Task { await pool.perform(.text("hang"), for: "a") }
            try await Interpreters.wait { try interpreter.attempts == 1 }
            let waiting = Task { await pool.perform(.text("b"), for: "b") }
            let last = Task { await pool.perform(.text("c"), for: "c") }
            try await Interpreters.wait { pool.waitingTexts == 2 }
            working.cancel()
            waiting.cancel()
            // The helper has not finished, and its time is not up.
            #expect(await working.value.failure == .cancelled)
            #expect(await waiting.value.failure == .cancelled)
            #expect(pool.waitingTexts == 1)
            clock.advance(by: .seconds(limits.seconds))
            #expect(await last.value.html == "<pre>c</pre>")
            // Nobody wants it any more, so it is not tried again.
            #expect(try interpreter.attempts == 1)
        }
    }

    @Test func `cancelling many callers at any moment does not block those that stay`() async throws {
        try await withRenderer { renderer async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask { () async throws in
                        let task = Task { try await renderer.render("text \(number)", contentType: "text/markdown").html }
                        if number % 2 == 0 {
                            for _ in 0..<(number % 40) { await Task.yield() }
                            task.cancel()
                            _ = try? await task.value
                        } else {
                            #expect(try await task.value == "<p>text \(number)</p>\n")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a helper is replaced after so many texts`() async throws {
        var tag = HelperTag()
        tag.limits.textsPerHelper = 3
        tag.limits.helpers = 1
        try await withRenderer(limits: tag.limits) { renderer async throws in
            var seen: Set<Int> = []
            for number in 1...7 {
                #expect(try await renderer.render("\(number)", contentType: "text/plain").html == "<pre>\(number)</pre>")
                if number % 3 != 0 { seen.formUnion(try tag.processes()) }
            }
            #expect(seen.count == 3)
        }
    }

    @Test func `an idle helper ends and another starts when it is needed`() async throws {
        var tag = HelperTag()
        tag.limits.idleTime = .milliseconds(200)
        try await withRenderer(limits: tag.limits) { renderer async throws in
            #expect(try await renderer.render("a", contentType: "text/plain").html != nil)
            try await Interpreters.wait { try tag.processes().isEmpty }
            #expect(try await renderer.render("b", contentType: "text/plain").html == "<pre>b</pre>")
        }
    }

    @Test func `a helper that was killed while idle costs no answer`() async throws {
        var tag = HelperTag()
        tag.limits.helpers = 1
        try await withRenderer(limits: tag.limits) { renderer async throws in
            #expect(try await renderer.render("a", contentType: "text/plain").html != nil)
            for process in try tag.processes() { kill(pid_t(process), SIGKILL) }
            #expect(try await renderer.render("b", contentType: "text/plain").html == "<pre>b</pre>")
        }
    }

    @Test func `no helper is left after shutting down, whatever it was doing`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        let tag = HelperTag()
        let renderer = ReadmeRenderer(python: interpreter.path, limits: tag.limits, logger: .silent)
        let working = Task { try await renderer.render("hang", contentType: "text/plain") }
        #expect(try await renderer.render("a", contentType: "text/plain").html != nil)
        try await Interpreters.wait { try interpreter.attempts > 0 }
        #expect(try tag.processes().count == 2)
        await renderer.shutDown()
        #expect(try tag.processes().isEmpty)
        // The text may be good: it is not refused, and there is a renderer.
        let busy = RendererFailure.busy("The renderer was shut down.")
        await #expect(throws: busy) { try await working.value }
        await #expect(throws: busy) { try await renderer.render("b", contentType: "text/plain") }
        await renderer.shutDown()
    }

    @Test func `texts are turned away when too many wait`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits.patient
        limits.helpers = 1
        limits.waitingTexts = 1
        let renderer = ReadmeRenderer(python: interpreter.path, limits: limits, logger: .silent)
        let working = Task { try await renderer.render("hang", contentType: "text/plain") }
        try await Interpreters.wait { try interpreter.attempts > 0 }
        let waiting = [Task { try await renderer.render("a", contentType: nil) }, Task { try await renderer.render("b", contentType: nil) }]
        // One of them has a place in the line, the other one is told at once.
        let turnedAway = await withTaskGroup(of: RendererFailure?.self) { group in
            for task in waiting {
                group.addTask {
                    do { _ = try await task.value } catch { return error as? RendererFailure }; return nil
                }
            }
            let first = await group.next()
            await renderer.shutDown()
            return first
        }
        #expect(turnedAway == .some(.busy("Too many descriptions are waiting to be rendered.")))
        _ = try? await working.value
    }

    @Test func `a helper holds no pipe of another one`() async throws {
        let tag = HelperTag()
        try await withRenderer(limits: tag.limits) { renderer async throws in
            async let one = renderer.render("a", contentType: nil)
            async let other = renderer.render("b", contentType: nil)
            _ = try await (one, other)
            var owners: [String: Int] = [:]
            for process in try tag.processes() {
                let folder = "/proc/\(process)/fd"
                let files = try FileManager.default.contentsOfDirectory(atPath: folder)
                for target in Set(files.compactMap({ try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })) {
                    if target.hasPrefix("pipe:") { owners[target, default: 0] += 1 }
                }
            }
            // One to read requests from and one for answers, each; otherwise a helper would not notice that the server is gone.
            #expect(owners.count == 4 && owners.values.allSatisfy { $0 == 1 }, "\(owners)")
        }
    }

    /// When the server is killed, all that a helper sees is the end of its input.
    @Test(arguments: [("", 0), ("a", 0), ("hang", 128 + SIGALRM)])
    func `a helper ends with its input, also in the midst of a text that never ends`(text: String, status: Int32) async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        let script = HelperLaunch(python: interpreter.path, limits: .init()).script
        let request = text.isEmpty ? [] : RendererFrame.request(contentType: "text/plain", text: text)
        // The signal that ends it is blocked in a server's threads, and what they start may inherit that.
        let command =
            #"env --block-signal=ALRM "$0" -I -B -X utf8 -c "import sys; exec(sys.stdin.buffer.read(int(sys.argv[1])))" "$@" >/dev/null; echo $?"#
        let arguments = ["-c", command, interpreter.path, "\(script.count)", "\(1 << 30)", "0", "\(1 << 20)"]
        #expect(try await Interpreters.run("/bin/sh", arguments, input: Data(script + request)) == "\(status)\n")
    }
}

/// Makes the helpers of one renderer recognizable among all others: by their memory limit, which is in their command line.
struct HelperTag {
    private static let counter = Atomic(0)
    var limits = RendererLimits.patient

    init() { limits.memory += Self.counter.add(1, ordering: .relaxed).newValue * 4_096 }

    /// The process identifiers of the renderer's helpers that have not been reaped.
    func processes() throws -> Set<Int> {
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int.init)
        return Set(
            all.filter { process in
                guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
                return line.split(separator: 0).contains { $0.elementsEqual("\(limits.memory)".utf8) }
            }
        )
    }
}
