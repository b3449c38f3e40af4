// A program beside the tests.

import Glibc
import Synchronization

/// A program that was started, until it is waited for.
///
/// Without Foundation's `Process`, which keeps the descriptors that it is given open, hands all the others down to every program, and takes one for
/// dead that closes those, as varnishd does. A program gets three descriptors from here, and no others.
package final class ChildProcess: Sendable {
    /// How it ended.
    package enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(by: Int32)

        init(waitStatus: Int32) {
            let signal = waitStatus & 0x7F
            self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .killed(by: signal)
        }
    }

    /// What it reads.
    package enum Input: Sendable {
        case nothing
        /// The content of a file.
        case file(String)
        /// Stays the caller's to close.
        case descriptor(Int32)
    }

    /// Where what it says goes.
    package enum Output: Sendable {
        /// A file, made anew.
        case file(String)
        /// Stays the caller's to close.
        case descriptor(Int32)
        /// Where its output goes: for errors only.
        case output
    }

    /// The program's path, then its arguments.
    package let command: [String]
    /// Somebody else's once the program has ended, and that was seen.
    package let processIdentifier: Int32
    /// Known once it has been waited for.
    private let known = Mutex<Ending?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: the program's path, then its arguments.
    ///   - folder: its working folder; this process's when `nil`.
    ///   - environment: all of it; this process's when `nil`.
    /// - Throws: ``ChildProcessFailure`` when it can not be started.
    package init(
        _ command: [String],
        in folder: String? = nil,
        environment: [String: String]? = nil,
        input: Input = .nothing,
        output: Output,
        errors: Output = .output
    ) throws {
        self.command = command
        processIdentifier = try spawn(command, in: folder, environment: environment, input: input, output: output, errors: errors)
    }

    /// A test that fails half-way leaves nothing running.
    deinit { end(by: SIGKILL) }

    /// How it ended; `nil` while it runs.
    package var ending: Ending? {
        known.withLock { known in
            if known == nil {
                var status: Int32 = 0
                let result = waitpid(processIdentifier, &status, WNOHANG)
                precondition(result >= 0, "somebody else waited for \(command[0])")
                if result == processIdentifier { known = Ending(waitStatus: status) }
            }
            return known
        }
    }

    package var isRunning: Bool { ending == nil }

    /// Sends a signal to it alone, or to it and all that it started. One that has ended gets none. After SIGSTOP it stands still.
    package func signal(_ number: Int32, toAll: Bool = false) {
        known.withLock { known in
            // Until it is waited for the number is its own, also when it has ended.
            guard known == nil else { return }
            for process in [processIdentifier] + (toAll ? children : []) { kill(process, number) }
            if number == SIGSTOP {
                // Each of its threads has to notice.
                var information = siginfo_t()
                waitid(P_PID, id_t(processIdentifier), &information, WSTOPPED | WEXITED | WNOWAIT)
            }
        }
    }

    /// Waits for its end on this thread.
    @discardableResult
    package func wait() -> Ending {
        while true {
            if let ending { return ending }
            // Without taking it: signals may still be sent, and others may wait, too.
            var information = siginfo_t()
            waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT)
        }
    }

    /// Waits for its end.
    @discardableResult
    package func wait() async throws -> Ending { try await onThreadOfItsOwn { self.wait() } }

    /// Ends it by a signal, and waits for that on this thread. What it started ends as well when it has no chance to see to that.
    @discardableResult
    package func end(by number: Int32) -> Ending {
        if let ending { return ending }
        // One that was paused would not hear anything else.
        signal(SIGCONT, toAll: true)
        signal(number, toAll: number == SIGKILL)
        return wait()
    }

    /// Not by process group: PostgreSQL gives each of its processes one of its own.
    private var children: [pid_t] {
        guard let file = fopen("/proc/\(processIdentifier)/task/\(processIdentifier)/children", "re") else { return [] }
        defer { fclose(file) }
        var numbers: [pid_t] = []
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        for word in bytes[..<count].split(separator: UInt8(ascii: " ")) {
            if let number = pid_t(String(decoding: word, as: UTF8.self)) { numbers.append(number) }
        }
        return numbers
    }
}

/// A program could not be started, or did not do what it was to do.
package struct ChildProcessFailure: Error, CustomStringConvertible {
    package let description: String
}
