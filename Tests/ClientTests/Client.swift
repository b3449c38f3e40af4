// Real client programs, each in a virtual environment of its own.

import Foundation
import TestPrograms

/// A client with pinned requirements (`clients/NAME.txt`), run as if on a fresh machine: no configuration, cache or proxy of ours.
struct Client: Sendable {
    let name: String
    /// The interpreter of its virtual environment.
    let python: String

    /// Makes the environment when there is none yet: this, and only this, needs a package index.
    init(_ name: String) async throws {
        self.name = name
        python = try await PythonEnvironment.interpreter(name, requirements: "Tests/ClientTests/clients/\(name).txt")
    }

    private var binFolder: String { URL(fileURLWithPath: python).deletingLastPathComponent().path }

    /// The path of a program in its environment.
    func program(_ name: String) -> String { "\(binFolder)/\(name)" }

    /// Runs one of its programs (`python` for the interpreter) to the end.
    ///
    /// - Parameters:
    ///   - folder: the working folder; home and caches are inside it.
    ///   - prefix: a command to run it under.
    ///   - status: what it must exit with; `nil` for anything.
    /// - Throws: ``CommandFailure`` with all it said, when it ends otherwise or takes too long.
    @discardableResult
    func run(
        _ program: String,
        _ arguments: [String],
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        under prefix: [String] = [],
        expecting status: Int32? = 0,
        within seconds: Double = 120
    ) async throws -> CommandOutput {
        try await Turnstile.clients.pass {
            let output = try await start(program, arguments, in: folder, environment: environment, under: prefix).finish(within: seconds)
            guard status == nil || output.status == status else { throw CommandFailure(description: output.description) }
            return output
        }
    }

    /// Like ``run``, without waiting for its end or for its turn.
    func start(
        _ program: String,
        _ arguments: [String],
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        under prefix: [String] = []
    ) throws -> RunningCommand {
        let environment = cleanEnvironment(home: folder.url.path).merging(environment) { $1 }
        return try RunningCommand(prefix + [self.program(program)] + arguments, in: folder.url, environment: environment)
    }

    private func cleanEnvironment(home: String) -> [String: String] {
        [
            "PATH": "\(binFolder):/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "400", "NO_COLOR": "1",
            "HOME": home, "TMPDIR": home,
            "XDG_CONFIG_HOME": "\(home)/.config", "XDG_CONFIG_DIRS": "\(home)/.config", "XDG_CACHE_HOME": "\(home)/.cache",
            "XDG_DATA_HOME": "\(home)/.local/share",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PIP_CONFIG_FILE": "/dev/null", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1",
            "UV_PYTHON": python, "UV_PYTHON_DOWNLOADS": "never",
            "NO_PROXY": "*",
        ]
    }
}

/// Lets so many through at a time: two dozen interpreters at once only wait for each other.
private actor Turnstile {
    static let clients = Turnstile(width: 4)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) { free = width }

    nonisolated func pass<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
