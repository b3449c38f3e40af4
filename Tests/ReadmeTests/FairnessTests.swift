// Senders who bring much, slow or large texts, and what the others notice of it.

import Foundation
import Testing

@testable import Readme

@Suite struct FairnessTests {
    private static let tooMany = RendererFailure.busy("Too many of your descriptions are waiting to be rendered.")

    @Test func `slow texts of one sender do not keep another one waiting`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits()
        limits.textsPerSender = 4
        try await withPool(interpreter.path, limits: limits) { pool in
            let slow = (0..<4).map { _ in Task { await pool.perform(.text("hang"), for: "mallory") } }
            try await Interpreters.wait { try pool.waitingTexts == 3 && interpreter.attempts == 1 }
            for number in 0..<10 { #expect(await pool.perform(.text("\(number)"), for: "alice").html == "<pre>\(number)</pre>") }
            // The other helper was free for mallory's next text all the time.
            #expect(try interpreter.attempts == 1 && pool.waitingTexts == 3)
            await pool.shutDown()
            for task in slow { #expect(await task.value.failure == .busy("The renderer was shut down.")) }
            #expect(pool.isSettled)
        }
    }

    @Test func `waiting texts are rendered one of each sender in turn`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits.patient
        limits.helpers = 1
        let clock = StandingClock()
        try await withPool(interpreter.path, limits: limits, textClock: clock) { pool in
            let slow = Task { await pool.perform(.text("hang"), for: "mallory") }
            try await Interpreters.wait { try interpreter.attempts == 1 }
            var waiting: [Task<RendererAnswer, Never>] = []
            for (number, sender) in ["a", "a", "a", "b", "b", "c"].enumerated() {
                waiting.append(Task { await pool.perform(.text("note \(number)"), for: sender) })
                try await Interpreters.wait { pool.waitingTexts == number + 1 }
            }
            clock.advance(by: .seconds(limits.seconds))
            #expect(await slow.value.failure == .timedOut(seconds: limits.seconds))
            for (number, task) in waiting.enumerated() { #expect(await task.value.html == "<pre>note \(number)</pre>") }
            #expect(try interpreter.notes == [0, 3, 5, 1, 4, 2].map { "note \($0)" })
            try await Interpreters.wait { pool.isSettled }
        }
    }

    @Test func `a sender's fifth text is turned away, another sender's first is not`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits()
        limits.textsPerSender = 4
        try await withPool(interpreter.path, limits: limits) { pool in
            let slow = (0..<4).map { _ in Task { await pool.perform(.text("hang"), for: "mallory") } }
            try await Interpreters.wait { pool.waitingTexts == 3 }
            #expect(await pool.perform(.text("a"), for: "mallory").failure == Self.tooMany)
            #expect(await pool.perform(.text("a"), for: "alice").html == "<pre>a</pre>")
            // Whoever leaves the line makes room for one more.
            slow[0].cancel()
            slow[1].cancel()
            slow[2].cancel()
            slow[3].cancel()
            try await Interpreters.wait { pool.waitingTexts == 0 }
            let others = (0..<3).map { _ in Task { await pool.perform(.text("a"), for: "mallory") } }
            try await Interpreters.wait { pool.waitingTexts == 3 }
            // The one in work counts although nobody waits for it: it occupies a helper.
            #expect(await pool.perform(.text("a"), for: "mallory").failure == Self.tooMany)
            await pool.shutDown()
            for task in others { #expect(await task.value.failure == .busy("The renderer was shut down.")) }
            for task in slow { #expect(await task.value.failure == .cancelled) }
            #expect(pool.isSettled)
        }
    }

    @Test func `a sender whose texts are done may bring others`() async throws {
        try await withPool(nil) { pool in
            for number in 0..<20 { #expect(await pool.perform(.text("\(number)"), for: "alice").html == "<pre>\(number)</pre>") }
            try await Interpreters.wait { pool.isSettled }
        }
    }

    @Test func `a text that nobody begins in time is turned away, one in work is not`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var limits = RendererLimits.patient
        limits.helpers = 1
        limits.longestWait = .milliseconds(300)
        try await withPool(interpreter.path, limits: limits) { pool in
            let slow = Task { await pool.perform(.text("hang"), for: "mallory") }
            try await Interpreters.wait { try interpreter.attempts == 1 }
            let began = ContinuousClock.now
            #expect(await pool.perform(.text("a"), for: "alice").failure == .busy("The description has waited too long to be rendered."))
            #expect(began.duration(to: .now) >= .milliseconds(300))
            #expect(pool.waitingTexts == 0 && !pool.isSettled)
            await pool.shutDown()
            #expect(await slow.value.failure == .busy("The renderer was shut down."))
        }
    }

    @Test func `a text larger than the limit is refused at once, with or without a renderer`() async throws {
        var limits = RendererLimits.patient
        limits.largestText = 10
        let reason = "The description has 11 bytes; at most 10 are allowed."
        try await withRenderer(limits: limits) { renderer async throws in
            #expect(try await renderer.render("123456789é", contentType: "text/plain").refusal == reason)
            #expect(try await renderer.render("12345678é", contentType: "text/plain").html == "<pre>12345678é</pre>")
        }
        try await withRenderer("python-that-is-not-here", limits: limits) { renderer async throws in
            #expect(try await renderer.render("12345678901", contentType: "text/plain").refusal == reason)
        }
    }

    @Test func `a text whose HTML is larger than the limit is refused, and the helper goes on`() async throws {
        let interpreter = try await FaultyInterpreter()
        defer { interpreter.remove() }
        var tag = HelperTag()
        tag.limits.answerSize = 50_000
        tag.limits.helpers = 1
        try await withRenderer(interpreter.path, limits: tag.limits) { renderer async throws in
            let exact = String(repeating: "a", count: 50_000 - "<pre></pre>".utf8.count)
            #expect(try await renderer.render(exact, contentType: "text/plain").html?.utf8.count == 50_000)
            let helper = try tag.processes()
            let refusal = try await renderer.render("bloat", contentType: "text/plain").refusal
            #expect(refusal == "The rendered description has 100011 bytes; at most 50000 are allowed.")
            #expect(try interpreter.attempts == 1)
            #expect(try await renderer.render("b", contentType: "text/plain").html == "<pre>b</pre>")
            #expect(try tag.processes() == helper)
        }
    }

    @Test func `whoever comes, leaves or stays, nothing is lost and nothing is left`() async throws {
        var limits = RendererLimits.patient
        limits.textsPerSender = 100
        limits.textsPerHelper = 7
        try await withPool(nil, limits: limits) { pool in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<120 {
                    group.addTask {
                        let task = Task { await pool.perform(.text("\(number)"), for: "sender \(number % 3)") }
                        if number % 2 == 0 {
                            for _ in 0..<(number % 40) { await Task.yield() }
                            task.cancel()
                            _ = await task.value
                        } else {
                            #expect(await task.value.html == "<pre>\(number)</pre>")
                        }
                    }
                }
            }
            try await Interpreters.wait { pool.isSettled }
        }
    }
}

extension [UInt8] {
    /// A request to render plain text.
    static func text(_ text: String) -> [UInt8] { RendererFrame.request(contentType: "text/plain", text: text) }
}

extension RendererAnswer {
    var html: String? { if case .html(let html, _) = self { html } else { nil } }

    var failure: RendererFailure? { if case .failed(let failure) = self { failure } else { nil } }

    var unavailability: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}

/// A pool for the length of a closure.
func withPool(
    _ python: String?,
    limits: RendererLimits = .patient,
    textClock: any Clock<Duration> = ContinuousClock(),
    _ body: (RendererPool) async throws -> Void
) async throws {
    let interpreter = if let python { python } else { try await Interpreters.withRenderer() }
    let launch = HelperLaunch(python: interpreter, limits: limits)
    let pool = RendererPool(launch: launch, limits: limits, logger: .silent, textClock: textClock)
    do {
        try await body(pool)
    } catch {
        await pool.shutDown()
        throw error
    }
    await pool.shutDown()
}
