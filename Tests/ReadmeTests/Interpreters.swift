// Python interpreters to test with: the real one, and ones that go wrong on certain texts.

import Foundation
import Logging
import Markup
import Synchronization
import TestPrograms
import Testing

@testable import Readme

enum Interpreters {
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()

    /// The interpreter that has readme_renderer[md].
    static func withRenderer() async throws -> String { try await make("readme", "requirements.txt") }

    /// The interpreter that has a few hundred projects and pip.
    static func withCorpus() async throws -> String { try await make("readme-corpus", "corpus-requirements.txt") }

    /// The interpreter that has nothing to render with.
    static func withoutRenderer() async throws -> String { try await make("readme-bare", "bare-requirements.txt") }

    /// The interpreter that has readme_renderer without the `md` extra.
    static func withoutMarkdownPart() async throws -> String { try await make("readme-rst", "rst-requirements.txt") }

    private static func make(_ name: String, _ requirements: String) async throws -> String {
        try await PythonEnvironment.interpreter(name, requirements: "Tests/ReadmeTests/\(requirements)")
    }

    /// Runs a program to its end and returns what it printed.
    static func run(_ program: String, _ arguments: [String], input: Data = Data()) async throws -> String {
        try await ChildProcess.run([program] + arguments, input: input).succeeded().text
    }

    /// Waits until something holds. Fails when it takes too long.
    static func wait(for condition: () throws -> Bool) async throws {
        let began = ContinuousClock.now
        while try !condition() {
            try #require(began.duration(to: .now) < .seconds(60))
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// A shell script in a folder of its own, to give as an interpreter.
struct Program {
    let folder: URL

    var path: String { folder.appendingPathComponent("python").path }

    /// Writes no program yet.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("readme-program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    init(_ lines: String...) throws {
        try self.init()
        try write(lines)
    }

    func write(_ lines: [String]) throws {
        let unfinished = path + ".new"
        try (["#!/bin/sh"] + lines + [""]).joined(separator: "\n").write(toFile: unfinished, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: unfinished)
        try FileManager.default.moveItem(atPath: unfinished, toPath: path)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// An interpreter that goes wrong on certain plain texts: "hang", "exhaust", "abort", "babble", "exit", "print", "abort once", "bloat".
/// It leaves a folder `attempt-N` for each of them that it was given, and a folder `noted-N-…` for a text that begins with "note".
struct FaultyInterpreter {
    private let program: Program

    var path: String { program.path }

    init() async throws {
        program = try Program()
        let folder = program.folder.path
        try """
        import os, time, readme_renderer.txt as module
        honest = module.render
        def render(text, **options):
            if text.startswith("note"):
                notes = len([name for name in os.listdir("\(folder)") if name.startswith("noted-")])
                os.mkdir("\(folder)/noted-%03d-" % notes + text)
            if text not in ("hang", "exhaust", "abort", "babble", "exit", "print", "abort once", "bloat"):
                return honest(text, **options)
            attempts = len([name for name in os.listdir("\(folder)") if name.startswith("attempt-")])
            os.mkdir("\(folder)/attempt-" + str(attempts + 1))
            if text == "hang":
                while True: pass
            if text == "bloat": return "x" * 100_000
            if text == "exhaust": bytearray(8 << 30)
            if text == "abort" or text == "abort once" and attempts == 0: os.abort()
            if text == "exit": os._exit(3)
            if text == "babble":
                for descriptor in range(1, 10):
                    try: os.write(descriptor, b"no message at all")
                    except OSError: pass
                time.sleep(60)
            if text == "print":
                print("noise", flush=True)
                os.write(1, b"noise")
                os.write(2, b"noise" * 100_000)
            return honest(text, **options)
        module.render = render
        """.write(toFile: folder + "/faults.py", atomically: true, encoding: .utf8)
        // $6 is the program that reads the program.
        try program.write([
            "program=\"exec(open('\(folder)/faults.py').read()); $6\"", "shift 6",
            "exec \(try await Interpreters.withRenderer()) -I -B -X utf8 -c \"$program\" \"$@\"",
        ])
    }

    func remove() { program.remove() }

    /// The texts that begin with "note", in the order in which they were rendered.
    var notes: [String] {
        get throws {
            let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path).filter { $0.hasPrefix("noted-") }
            return names.sorted().map { String($0.dropFirst("noted-000-".count)) }
        }
    }

    /// How many helpers were given a text that they do not survive.
    var attempts: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: program.folder.path).filter { $0.hasPrefix("attempt-") }.count }
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension RendererLimits {
    /// Machines that run tests are busy: what is not about time limits must not depend on them.
    static var patient: RendererLimits {
        var limits = RendererLimits()
        limits.startTime = .seconds(180)
        limits.seconds = 120
        limits.longestWait = .seconds(600)
        limits.waitingTexts = 1_000
        return limits
    }
}

/// A renderer that tests share which do not look at its helpers. Detached: none of them may take it along when it is cancelled.
let sharedRenderer = Task.detached {
    ReadmeRenderer(python: try await Interpreters.withRenderer(), limits: .patient, logger: .silent)
}

extension ReadmeRenderer {
    private static let strangers = Atomic(0)

    /// Renders a text of somebody who has brought no other.
    func render(_ text: String, contentType: String?) async throws(RendererFailure) -> Rendering {
        try await render(text, contentType: contentType, for: "stranger \(Self.strangers.add(1, ordering: .relaxed).newValue)")
    }
}

/// A renderer for the length of a closure.
func withRenderer<Value>(
    _ python: String? = nil,
    limits: RendererLimits = .patient,
    _ body: (ReadmeRenderer) async throws -> Value
) async throws -> Value {
    let interpreter = if let python { python } else { try await Interpreters.withRenderer() }
    let renderer = ReadmeRenderer(python: interpreter, limits: limits, logger: .silent)
    do {
        let value = try await body(renderer)
        await renderer.shutDown()
        return value
    } catch {
        await renderer.shutDown()
        throw error
    }
}

extension Rendering {
    /// The HTML, or nil when there is none.
    var html: String? { if case .html(let html, _) = self { html.description } else { nil } }

    var refusal: String? { if case .refused(let reason) = self { reason } else { nil } }

    var unavailability: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}
