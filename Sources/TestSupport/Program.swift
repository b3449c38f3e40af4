// The real program, as a child process.

import Foundation
import Glibc
import TestPrograms

/// How a run of the program ended.
package struct ProgramResult: Sendable {
    /// The exit code, or the signal's number.
    package let status: Int32
    package let output: String
    package let errors: String

    package var outputLines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast(while: \.isEmpty) }
    package var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
}

extension Array {
    fileprivate func dropLast(while isDropped: (Element) -> Bool) -> [Element] {
        var copy = self
        while let last = copy.last, isDropped(last) { copy.removeLast() }
        return copy
    }
}

/// The program did not do what the test waited for.
package struct ProgramError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// `emporium`, beside the tests in the build folder.
package enum Program {
    package static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "emporium")
        .path

    private static let besideBundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "emporium").path

    /// Runs a command in a folder of its own until it ends.
    package static func run(_ arguments: String..., in folder: String, environment: [String: String] = [:], input: String? = nil) async throws
        -> ProgramResult
    {
        let running = try RunningProgram(arguments, in: folder, environment: environment, input: input)
        return try await running.result()
    }

    /// Where it really is.
    package static var executable: String { FileManager.default.isExecutableFile(atPath: path) ? path : besideBundle }
}

/// A run that has not ended yet. What it says is kept in files, so that no pipe fills up.
package final class RunningProgram: Sendable {
    private let process: ChildProcess
    private let base: String
    package let folder: String

    /// - Parameter prefix: a command to run the program under; it must become the program.
    package init(
        _ arguments: [String],
        in folder: String,
        environment: [String: String] = [:],
        input: String? = nil,
        under prefix: [String] = []
    ) throws {
        base = "\(folder)/run-\(UUID().uuidString)"
        self.folder = folder
        let command = prefix + [Program.executable] + arguments
        // Only what this test says: nothing of the machine's settings.
        var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "SWIFT_BACKTRACE": "enable=no"]
        for name in ["LD_LIBRARY_PATH", "HOME", "TMPDIR"] { variables[name] = ProcessInfo.processInfo.environment[name] }
        if let input { try input.write(toFile: "\(base).in", atomically: true, encoding: .utf8) }
        process = try ChildProcess(
            command,
            in: folder,
            environment: variables.merging(environment) { $1 },
            input: input == nil ? .nothing : .file("\(base).in"),
            output: .file("\(base).out"),
            errors: .file("\(base).err")
        )
    }

    package var processIdentifier: Int32 { process.processIdentifier }
    package var isRunning: Bool { process.isRunning }
    package var output: String { (try? String(contentsOfFile: "\(base).out", encoding: .utf8)) ?? "" }
    package var errors: String { (try? String(contentsOfFile: "\(base).err", encoding: .utf8)) ?? "" }

    package func signal(_ number: Int32) { process.signal(number) }

    /// Waits for the end, for a minute.
    package func result() async throws -> ProgramResult {
        for _ in 0..<3000 where isRunning { try await Task.sleep(for: .milliseconds(20)) }
        let status: Int32
        switch process.ending {
        case .exited(let code): status = code
        case .killed(let number): status = number
        case nil:
            signal(SIGKILL)
            throw ProgramError(description: "the program did not end: \(output) \(errors)")
        }
        return ProgramResult(status: status, output: output, errors: errors)
    }

    /// Waits until a server says that it is ready.
    ///
    /// - Returns: its port.
    package func ready() async throws -> Int {
        for _ in 0..<3000 {
            if let line = (errors + output).split(separator: "\n").first(where: { $0.contains("Emporium is ready at ") }),
                let port = line.split(separator: ":").last.flatMap({ Int($0.prefix { $0.isNumber }) })
            {
                return port
            }
            guard isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProgramError(description: "the server did not start: \(output) \(errors)")
    }
}

/// Runs `body` with a folder that is gone afterwards. When it fails, the last words of the programs that ran there are printed.
package func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "server-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
        return try await body(folder)
    } catch {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("run-") && name.hasSuffix(".err") {
            let words = (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
            if !words.isEmpty { print("\(name), when \(error) was thrown:\n\(words.suffix(2000))") }
        }
        throw error
    }
}
