// Interpreters that cannot render: what the operator is told.

import Foundation
import Readme
import Testing

@Suite struct AvailabilityTests {
    private func reason(_ python: String) async throws -> String {
        try await withRenderer(python) { renderer async throws in
            let reason = try await renderer.render("a", contentType: nil).unavailability
            #expect(await renderer.availability() == .missing(reason ?? ""))
            return try #require(reason)
        }
    }

    @Test func `an interpreter that does not exist is named`() async throws {
        #expect(try await reason("python-that-is-not-here").hasPrefix("python-that-is-not-here was not found: descriptions need a Python"))
        #expect(try await reason("/nowhere/python").contains("/nowhere/python"))
    }

    @Test func `a file that cannot be run is named`() async throws {
        #expect(try await reason("/etc/passwd").hasPrefix("/etc/passwd"))
    }

    @Test func `an interpreter without readme_renderer says what to install`() async throws {
        let python = try await Interpreters.withoutRenderer()
        #expect(try await reason(python) == "\(python) has no module readme_renderer: install readme_renderer[md] for this interpreter")
    }

    @Test func `an interpreter without the Markdown part says what to install`() async throws {
        let python = try await Interpreters.withoutMarkdownPart()
        let expected = "\(python) has readme_renderer 46.0 but not comrak, its Markdown part: install readme_renderer[md] for this interpreter"
        #expect(try await reason(python) == expected)
    }

    @Test func `a program that is no interpreter is told from one`() async throws {
        let cat = try await reason("/bin/cat")
        #expect(cat.hasPrefix("/bin/cat exited with status 1 before the renderer was ready: "), "\(cat)")
        #expect(try await reason("/bin/true") == "/bin/true exited with status 0 before the renderer was ready")
        let talker = try Program("echo This is no interpreter.", "exec sleep 60")
        defer { talker.remove() }
        #expect(try await reason(talker.path) == "\(talker.path) is not a Python interpreter: it answered something else")
    }

    @Test func `an interpreter that never gets ready is given up`() async throws {
        let sleeper = try Program("exec sleep 60")
        defer { sleeper.remove() }
        var limits = RendererLimits.patient
        limits.startTime = .milliseconds(300)
        try await withRenderer(sleeper.path, limits: limits) { renderer async throws in
            let reason = try await renderer.render("a", contentType: nil).unavailability
            #expect(reason == "\(sleeper.path) did not start the renderer within 0.3 seconds")
        }
    }

    @Test func `a renderer installed later is found without a restart, and not looked for at each text`() async throws {
        let python = try Program()
        defer { python.remove() }
        var limits = RendererLimits.patient
        limits.probeInterval = .seconds(2)
        try await withRenderer(python.path, limits: limits) { renderer async throws in
            let began = ContinuousClock.now
            #expect(try await renderer.render("a", contentType: nil).unavailability != nil)
            try await python.write(["exec \(Interpreters.withRenderer()) \"$@\""])
            while try await renderer.render("a", contentType: nil).html == nil {
                try #require(began.duration(to: .now) < .seconds(60))
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(began.duration(to: .now) >= limits.probeInterval)
        }
    }

    @Test func `an interpreter is found by a path relative to the working directory`() async throws {
        let up = String(repeating: "../", count: FileManager.default.currentDirectoryPath.split(separator: "/").count)
        let python = up + (try await Interpreters.withRenderer()).dropFirst()
        try await withRenderer(python) { renderer async throws in
            #expect(await renderer.availability() == .ready("readme_renderer 46.0"))
        }
    }
}
