// Starting servers of others.

import Glibc
import Synchronization

/// A program that runs until it is ended, or until this object is gone.
///
/// Foundation's `Process` takes a child for dead which closes the descriptors it inherits, as daemons do, and then waits for it in the one thread that notices the
/// end of every other child.
package final class Daemon: Sendable {
    /// `nil` once it has been waited for.
    private let process: Mutex<pid_t?>
    package let log: String

    /// - Parameters:
    ///   - arguments: the first is the program's path.
    ///   - log: the file for what it says.
    package init(_ arguments: [String], environment: [String: String] = [:], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of the tests' pool block nearly all signals, and a child inherits that: it would never hear that it is to end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = arguments.map { strdup($0) } + [nil]
        let variables = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"].merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments[0], &actions, &attributes, words, variables)
        guard code == 0 else {
            throw ProgramError(description: "\(arguments[0]) does not start (dev/setup --tests installs it): \(String(cString: strerror(code)))")
        }
        self.process = Mutex(process)
        self.log = log
    }

    deinit { end() }

    package var isRunning: Bool {
        process.withLock { process in
            guard let process else { return false }
            var information = siginfo_t()
            return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
        }
    }

    package func signal(_ number: Int32) { process.withLock { if let process = $0 { kill(process, number) } } }

    /// Ends it, and waits for that.
    package func end(with number: Int32 = SIGTERM) {
        process.withLock { process in
            guard let running = process else { return }
            process = nil
            kill(running, number)
            // One that was stopped would not hear it.
            kill(running, SIGCONT)
            var status: Int32 = 0
            waitpid(running, &status, 0)
        }
    }
}
