// Other people's servers, as child processes.

import Foundation
import Glibc
import TestPrograms

/// A server that runs until it is stopped, or gone.
package final class ServerProcess: Sendable {
    private let process: ChildProcess
    private let log: String

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program's path, then its arguments.
    ///   - environment: beside a `PATH`; nothing else of this process's.
    ///   - log: a file for all it says, made anew.
    ///   - input: a descriptor to read from; nothing without one.
    package init(_ arguments: [String], environment: [String: String] = [:], log: String, input: Int32? = nil) throws {
        let environment = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"].merging(environment) { $1 }
        process = try ChildProcess(arguments, environment: environment, input: input.map { .descriptor($0) } ?? .nothing, output: .file(log))
        self.log = log
    }

    /// All that it said so far.
    package var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    package var isRunning: Bool { process.isRunning }

    /// Sends a signal to the server alone, or to it and all it started.
    package func signal(_ number: Int32, toAll: Bool = false) { process.signal(number, toAll: toAll) }

    /// Ends it by a signal, and waits for that.
    package func stop(_ number: Int32 = SIGTERM) async throws { _ = try await onThreadOfItsOwn { self.process.end(by: number) } }

    /// Runs a program to its end.
    ///
    /// - Throws: ``ProgramError`` with what it said, when it fails.
    package static func run(_ arguments: [String], environment: [String: String] = [:], log: String) async throws {
        let server = try ServerProcess(arguments, environment: environment, log: log)
        guard try await server.process.wait() == .exited(0) else { throw ProgramError(description: "\(arguments[0]) failed: \(server.output)") }
    }
}
