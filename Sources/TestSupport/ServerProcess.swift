// Other people's servers, as child processes.

import Foundation
import Glibc
import Synchronization

/// A server that runs until it is stopped, or gone.
///
/// Without Foundation's `Process`: that takes a child for dead which closes the descriptors it inherits, as varnishd does, and then waits for it in the one
/// thread that notices the end of every other child.
package final class ServerProcess: Sendable {
    /// `nil` once it has been waited for.
    private let process: Mutex<pid_t?>
    private let log: String

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program's path, then its arguments.
    ///   - environment: beside a `PATH`; nothing else of this process's.
    ///   - log: a file for all it says, made anew.
    ///   - input: a descriptor to read from; nothing without one.
    package init(_ arguments: [String], environment: [String: String] = [:], log: String, input: Int32? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of the tests' pool block nearly all signals, and a child inherits that: it would never hear that it is to end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"].merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
        let words = arguments.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments[0], &actions, &attributes, words, variables)
        guard code == 0 else {
            throw ProgramError(
                description: "\(arguments[0]) does not start (dev/setup --tests installs it): \(String(cString: strerror(code)))"
            )
        }
        self.process = Mutex(process)
        self.log = log
    }

    deinit { process.withLock { if let process = $0 { Self.end(process, SIGKILL) } } }

    /// All that it said so far.
    package var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    package var isRunning: Bool {
        process.withLock { process in
            guard let process else { return false }
            var information = siginfo_t()
            return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
        }
    }

    /// Sends a signal to the server alone, or to it and all it started.
    package func signal(_ number: Int32, toAll: Bool = false) {
        process.withLock { process in
            guard let process else { return }
            kill(process, number)
            if toAll { for child in Self.children(of: process) { kill(child, number) } }
        }
    }

    /// Not by process group: PostgreSQL gives each of its processes one of its own.
    private static func children(of process: pid_t) -> [pid_t] {
        let text = (try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { pid_t($0) }
    }

    /// Ends it by a signal, and waits for that.
    package func stop(_ number: Int32 = SIGTERM) async throws {
        let process = process.withLock { process in
            defer { process = nil }
            return process
        }
        guard let process else { return }
        try await WebClient.blocking { Self.end(process, number) }
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``ProgramError`` with what it said, when it fails.
    package static func run(_ arguments: [String], environment: [String: String] = [:], log: String) async throws {
        let process = try ServerProcess(arguments, environment: environment, log: log)
        let status = try await WebClient.blocking {
            process.process.withLock { process in
                var status: Int32 = 0
                if let process { waitpid(process, &status, 0) }
                process = nil
                return status
            }
        }
        guard status == 0 else {
            throw ProgramError(description: "\(arguments[0]) failed: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        }
    }

    private static func end(_ process: pid_t, _ number: Int32) {
        let children = children(of: process)
        // One that was paused would not hear anything else.
        for paused in [process] + children { kill(paused, SIGCONT) }
        kill(process, number)
        if number == SIGKILL { for child in children { kill(child, number) } }
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}
