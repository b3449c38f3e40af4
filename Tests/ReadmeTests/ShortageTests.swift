// Helpers that do not start although one did before.

import Foundation
import Testing

@testable import Readme

@Suite struct ShortageTests {
    private static let busy = RendererFailure.busy("The renderer could not be started just now.")

    /// A renderer that ends after each text. While the file `trouble` lies beside its program, that is run instead.
    private func withTrouble(
        _ trouble: String,
        limits change: (inout RendererLimits) -> Void = { _ in },
        _ body: (RendererPool, Program) async throws -> Void
    ) async throws {
        let program = try Program()
        defer { program.remove() }
        let folder = program.folder.path
        try await program.write(["if [ -e \(folder)/trouble ]; then \(trouble); fi", "exec \(Interpreters.withRenderer()) \"$@\""])
        var limits = RendererLimits.patient
        limits.helpers = 1
        limits.textsPerHelper = 1
        change(&limits)
        try await withPool(program.path, limits: limits) { pool in try await body(pool, program) }
    }

    private func text(_ text: String) -> [UInt8] { RendererFrame.request(contentType: "text/plain", text: text) }

    @Test func `while starts fail for a moment, texts are told to come again`() async throws {
        try await withTrouble("exit 7") { pool, program in
            #expect(await pool.perform(text("a"), for: "a").html == "<pre>a</pre>")
            try program.mark("trouble")
            #expect(await pool.perform(text("b"), for: "a").failure == Self.busy)
            #expect(await pool.perform(text("c"), for: "a").failure == Self.busy)
            try program.unmark("trouble")
            #expect(await pool.perform(text("d"), for: "a").html == "<pre>d</pre>")
            try await Interpreters.wait { pool.isSettled }
        }
    }

    @Test func `when starts go on failing, the renderer is missing`() async throws {
        try await withTrouble("exit 7", limits: { $0.shortage = .zero }) { pool, program in
            #expect(await pool.perform(text("a"), for: "a").html == "<pre>a</pre>")
            try program.mark("trouble")
            #expect(await pool.perform(text("b"), for: "a").failure == Self.busy)
            let reason = "\(program.path) exited with status 7 before the renderer was ready"
            #expect(await pool.perform(text("c"), for: "a").unavailability == reason)
        }
    }

    @Test func `a success long ago counts for nothing`() async throws {
        try await withTrouble("exit 7", limits: { $0.trust = .zero }) { pool, program in
            #expect(await pool.perform(text("a"), for: "a").html == "<pre>a</pre>")
            try program.mark("trouble")
            #expect(await pool.perform(text("b"), for: "a").unavailability != nil)
        }
    }

    @Test func `a module that is gone is missing at once`() async throws {
        let bare = try await Interpreters.withoutRenderer()
        try await withTrouble("exec \(bare) \"$@\"") { pool, program in
            #expect(await pool.perform(text("a"), for: "a").html == "<pre>a</pre>")
            try program.mark("trouble")
            #expect(await pool.perform(text("b"), for: "a").unavailability?.contains("has no module readme_renderer") == true)
        }
    }

    @Test func `an interpreter that is gone is missing at once`() async throws {
        try await withTrouble("exit 7") { pool, program in
            #expect(await pool.perform(text("a"), for: "a").html == "<pre>a</pre>")
            program.remove()
            #expect(await pool.perform(text("b"), for: "a").unavailability?.contains("was not found") == true)
        }
    }

    @Test func `those that wait for a start that fails are told, too`() async throws {
        let wait = "while [ ! -e \"${0%/*}/go\" ]; do sleep 0.02; done; exit 7"
        try await withTrouble(wait) { pool, program in
            #expect(await pool.perform(text("a"), for: "a").html == "<pre>a</pre>")
            try program.mark("trouble")
            let tasks = ["a", "a", "b"].map { sender in Task { await pool.perform(text("b"), for: sender) } }
            try await Interpreters.wait { pool.waitingTexts == 2 }
            try program.mark("go")
            for task in tasks { #expect(await task.value.failure == Self.busy) }
            try await Interpreters.wait { pool.isSettled }
        }
    }

    @Test func `while another helper runs, it takes the text of one that does not start`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        let program = try Program()
        defer { program.remove() }
        try program.write(["if [ -e \"${0%/*}/trouble\" ]; then touch \"${0%/*}/tried\"; exit 7; fi", "exec \(interpreter.path) \"$@\""])
        let (limits, clock) = (RendererLimits.patient, StandingClock())
        try await withPool(program.path, limits: limits, textClock: clock) { pool in
            let slow = Task { await pool.perform(text("hang"), for: "mallory") }
            try await Interpreters.wait { try interpreter.attempts == 1 }
            try program.mark("trouble")
            let other = Task { await pool.perform(text("a"), for: "alice") }
            try await Interpreters.wait { program.has("tried") && pool.waitingTexts == 1 }
            try program.unmark("trouble")
            clock.advance(by: .seconds(limits.seconds))
            #expect(await slow.value.failure == .timedOut(seconds: limits.seconds))
            #expect(await other.value.html == "<pre>a</pre>")
            try await Interpreters.wait { pool.isSettled }
        }
    }
}

extension Program {
    /// Puts a file beside the program.
    fileprivate func mark(_ name: String) throws { try Data().write(to: folder.appendingPathComponent(name)) }

    fileprivate func unmark(_ name: String) throws { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }

    fileprivate func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }
}
