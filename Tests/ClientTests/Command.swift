// Programs that tests run.

import Foundation
import TestPrograms

/// What a program that has ended left behind.
struct CommandOutput: Sendable {
    let command: String
    /// The exit code, or minus the signal's number.
    let status: Int32
    let standardOutput: String
    let standardError: String

    /// Everything it said.
    var text: String { standardOutput + standardError }
    var firstLine: String { String(standardOutput.prefix { !$0.isNewline }) }

    /// For failures: the command, how it ended and all it said.
    var description: String { "\(command)\nended with \(status)\n\(text)" }
}

struct CommandFailure: Error, CustomStringConvertible {
    let description: String
}

/// A program that runs beside the test. What it prints goes to files, so that a silent reader can never block it.
final class RunningCommand: Sendable {
    private let process: ChildProcess
    private let standardOutput: URL
    private let standardError: URL
    let command: String

    var processIdentifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// - Parameter environment: the whole environment, nothing is inherited.
    init(_ command: [String], in folder: URL, environment: [String: String]) throws {
        let logs = folder.appendingPathComponent(".output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
        standardOutput = logs.appendingPathComponent("stdout")
        standardError = logs.appendingPathComponent("stderr")
        self.command = command.joined(separator: " ")
        process = try ChildProcess(
            command,
            in: folder.path,
            environment: environment,
            output: .file(standardOutput.path),
            errors: .file(standardError.path)
        )
    }

    /// What it has said so far.
    var text: String { Self.read(standardOutput) + Self.read(standardError) }

    func send(_ signal: Int32) { process.signal(signal) }

    /// Waits for the end; kills the program when it takes longer than `seconds`.
    func finish(within seconds: Double) async throws -> CommandOutput {
        do {
            try await waitUntil(within: seconds, "\(command) to end") { !isRunning }
        } catch {
            send(SIGKILL)
            throw CommandFailure(description: "\(error)\n\(text)")
        }
        let status =
            switch try await process.wait() {
            case .exited(let code): code
            case .killed(let number): -number
            }
        return CommandOutput(command: command, status: status, standardOutput: Self.read(standardOutput), standardError: Self.read(standardError))
    }

    private static func read(_ file: URL) -> String {
        // swift-format-ignore: OptionalTry
        guard let data = try? Data(contentsOf: file) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}

/// Asks every 10 ms until the answer is yes; says what it waited for when it never is.
func waitUntil(within seconds: Double, _ what: @autoclosure () -> String, _ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard ContinuousClock.now < end else { throw CommandFailure(description: "waited \(seconds) s in vain for \(what())") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
