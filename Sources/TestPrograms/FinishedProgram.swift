// Programs that are run to their end.

import CSpawn
package import Foundation
import Glibc

/// What a program that has ended left behind.
package struct FinishedProgram: Sendable {
    package let command: [String]
    package let ending: ChildProcess.Ending
    package let output: Data
    package let errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }

    /// Itself, when it exited with 0.
    ///
    /// - Throws: ``ChildProcessFailure`` with what it said, when it ended otherwise.
    package func succeeded() throws -> FinishedProgram {
        guard ending == .exited(0) else {
            let said = "\(text.prefix(4000))\n\(errors.suffix(4000))"
            throw ChildProcessFailure(description: "\(command.joined(separator: " ").prefix(1000)): \(ending)\n\(said)")
        }
        return self
    }
}

extension ChildProcess {
    /// Runs a program to its end on this thread.
    ///
    /// - Parameters:
    ///   - command: the program's path, then its arguments.
    ///   - folder: its working folder; this process's when `nil`.
    ///   - environment: all of it; this process's when `nil`.
    ///   - input: all that it can read.
    /// - Throws: ``ChildProcessFailure`` when it can not be started.
    package static func run(
        _ command: [String],
        in folder: String? = nil,
        environment: [String: String]? = nil,
        input: Data = Data()
    ) throws -> FinishedProgram {
        // Files rather than pipes: nothing fills up, nobody has to read meanwhile, and what outlives the program keeps nobody waiting.
        let (given, output, errors) = try (MemoryFile(input), MemoryFile(), MemoryFile())
        let process = try ChildProcess(
            command,
            in: folder,
            environment: environment,
            input: .descriptor(given.descriptor),
            output: .descriptor(output.descriptor),
            errors: .descriptor(errors.descriptor)
        )
        let ending = process.wait()
        withExtendedLifetime(given) {}
        return FinishedProgram(command: command, ending: ending, output: output.content, errors: String(decoding: errors.content, as: UTF8.self))
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - command: the program's path, then its arguments.
    ///   - folder: its working folder; this process's when `nil`.
    ///   - environment: all of it; this process's when `nil`.
    ///   - input: all that it can read.
    /// - Throws: ``ChildProcessFailure`` when it can not be started.
    package static func run(
        _ command: [String],
        in folder: String? = nil,
        environment: [String: String]? = nil,
        input: Data = Data()
    ) async throws -> FinishedProgram {
        try await onThreadOfItsOwn { try run(command, in: folder, environment: environment, input: input) }
    }

    /// Runs a program to its end on this thread and hands over what it prints while it does. Its errors are this process's.
    ///
    /// - Throws: ``ChildProcessFailure`` when it can not be started, and what `body` throws; then it is killed.
    package static func run(_ command: [String], reading body: (UnsafeRawBufferPointer) throws -> Void) throws -> Ending {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw ChildProcessFailure(description: "no pipe: \(errno)") }
        defer { close(ends[0]) }
        let process: ChildProcess
        do {
            // Otherwise the end never comes.
            defer { close(ends[1]) }
            process = try ChildProcess(command, output: .descriptor(ends[1]), errors: .descriptor(2))
        }
        return try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 1) { buffer in
            while true {
                let count = read(ends[0], buffer.baseAddress, buffer.count)
                guard count != 0 else { return process.wait() }
                guard count > 0 else {
                    if errno == EINTR { continue }
                    throw ChildProcessFailure(description: "\(command[0]) can not be read: \(errno)")
                }
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }
}
