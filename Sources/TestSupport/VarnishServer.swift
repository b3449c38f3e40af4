// A real Varnish, as a child process.

import Foundation
import Glibc
import Synchronization

/// A Varnish that answers on a port of its own until it is stopped, or gone.
package final class VarnishServer: Sendable {
    package let port: Int
    package var client: WebClient { WebClient(port: port) }

    /// `nil` once it has been waited for.
    private let process: Mutex<pid_t?>

    /// The repository's own settings for Varnish, for an index at this port.
    package static func documentedVCL(backendPort: Int) throws -> String {
        let text = try String(contentsOf: repository.appending(path: "docs/varnish.vcl"), encoding: .utf8)
        let port = ".port = \"8080\";"
        guard text.contains(port) else { throw ProgramError(description: "docs/varnish.vcl has another port than 8080") }
        return text.replacing(port, with: ".port = \"\(backendPort)\";")
    }

    /// A fixture's settings, for an index at this port.
    package static func fixtureVCL(_ name: String, backendPort: Int) throws -> String {
        try String(contentsOf: repository.appending(path: "Tests/Fixtures/cdn/\(name)"), encoding: .utf8)
            .replacing("BACKEND_PORT", with: "\(backendPort)")
    }

    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Starts it and waits until it takes connections.
    ///
    /// - Parameter folder: where it may make a folder for itself.
    package init(vcl: String, in folder: String, environment: [String: String] = [:]) async throws {
        let base = "\(folder)/varnish-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        try vcl.write(toFile: "\(base)/test.vcl", atomically: true, encoding: .utf8)
        let log = "\(base)/log"
        var started: (process: pid_t, port: Int)?
        // Another program may take the port first.
        for _ in 1...3 where started == nil {
            let port = try SparePort.find()
            let arguments = [
                "/usr/sbin/varnishd", "-F", "-j", "none", "-n", "\(base)/n", "-T", "none", "-a", "127.0.0.1:\(port)", "-s", "malloc,32m", "-f",
                "\(base)/test.vcl",
            ]
            let process = try Self.spawn(arguments, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"].merging(environment) { $1 }, log: log)
            for _ in 0..<1500 where Self.isRunning(process) && started == nil {
                // What is no HTTP it refuses itself, without asking the index.
                let answer = try? await WebClient(port: port).exchange(Array("?\r\n\r\n".utf8))
                if answer?.first?.status == 400 { started = (process, port) } else { try await Task.sleep(for: .milliseconds(20)) }
            }
            if started == nil { Self.end(process) }
        }
        guard let started else {
            throw ProgramError(description: "varnishd did not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        }
        port = started.port
        process = Mutex(started.process)
    }

    deinit { process.withLock { if let process = $0 { Self.end(process) } } }

    /// Ends it, and waits for that.
    package func stop() async throws {
        guard
            let process = process.withLock({ process in
                defer { process = nil }
                return process
            })
        else { return }
        try await WebClient.blocking { Self.end(process) }
    }

    /// Starts a program without Foundation's `Process`: that takes a child for dead which closes the descriptors it inherits, as varnishd does, and then
    /// waits for it in the one thread that notices the end of every other child.
    private static func spawn(_ arguments: [String], environment: [String: String], log: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
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
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments[0], &actions, &attributes, words, variables)
        guard code == 0 else {
            throw ProgramError(description: "varnishd does not start (dev/setup --tests installs it): \(String(cString: strerror(code)))")
        }
        return process
    }

    private static func isRunning(_ process: pid_t) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
    }

    private static func end(_ process: pid_t) {
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}

/// A port that nobody uses.
package enum SparePort {
    /// Asks the system by taking one and letting it go.
    package static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw ProgramError(description: "no free port: \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
