// A server program that tests need beside them.

import Glibc
import Synchronization

/// A child process that runs until it is ended, at the latest with this process, however that ends.
package final class Daemon: Sendable {
    /// `nil` once it has been waited for.
    private let process: Mutex<pid_t?>
    /// One end of a pair of sockets, never written to: it closes with this process.
    private let lifeline: Int32

    /// - Parameters:
    ///   - arguments: the program's path and what it is told.
    ///   - log: the file that its output goes to.
    ///   - folder: removed once it has ended.
    ///   - hint: how the program is had, for the error when it is not there.
    package init(_ arguments: [String], environment: [String: String], log: String, removing folder: String, hint: String) throws {
        guard access(arguments[0], X_OK) == 0 else { throw ProgramError(description: "there is no \(arguments[0]): \(hint)") }
        var ends: [Int32] = [0, 0]
        // Closed in every other child: one that outlives this process would keep the daemon alive.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw ProgramError(description: "no pair of sockets: \(errno)") }
        defer { close(ends[0]) }
        lifeline = ends[1]
        // The shell ends the daemon when it is told to or when the lifeline breaks.
        let script = "folder=$1; shift; \"$@\" </dev/null & daemon=$!; read -r line; kill -9 $daemon; wait $daemon 2>/dev/null; rm -rf \"$folder\""
        do {
            process = Mutex(
                try Self.spawn(["/bin/sh", "-c", script, "daemon", folder] + arguments, environment: environment, log: log, input: ends[0])
            )
        } catch {
            close(lifeline)
            throw error
        }
    }

    deinit { end() }

    /// Ends it and waits for that. Does nothing the second time.
    package func end() {
        process.withLock { process in
            guard let running = process else { return }
            process = nil
            close(lifeline)
            var status: Int32 = 0
            waitpid(running, &status, 0)
        }
    }

    /// Not by Foundation's `Process`: see ``VarnishServer``.
    private static func spawn(_ arguments: [String], environment: [String: String], log: String, input: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of the tests' pool block nearly all signals, and a child inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments[0], &actions, &attributes, words, variables)
        guard code == 0 else { throw ProgramError(description: "\(arguments[0]) does not start: \(String(cString: strerror(code)))") }
        return process
    }
}
