// A real PostgreSQL of a test's own, to be killed, paused and copied.

import Foundation
import Glibc
import PostgresEngine
import SQLDatabase
import Synchronization

/// A PostgreSQL server on a port of its own. The shared one (``TestEngine``) is for tests that leave the server alone.
package final class PostgresServer: Sendable {
    package let port: Int
    private let base: String
    private let bin: String
    private let process = Mutex<ServerProcess?>(nil)
    private static let password = "secret"

    /// Makes a server and starts it.
    ///
    /// - Parameters:
    ///   - folder: where it may make a folder for itself.
    ///   - bin: the folder of `initdb` and `postgres`; the newest installed one when `nil`.
    ///   - primary: the server to be a replica of, streaming from it.
    package init(in folder: String, bin: String? = nil, replicaOf primary: PostgresServer? = nil) async throws {
        self.bin = try bin ?? Self.installed()
        base = "\(folder)/postgres-\(UUID().uuidString.prefix(8))"
        port = try SparePort.find()
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        try Self.password.write(toFile: "\(base)/password", atomically: true, encoding: .utf8)
        if getuid() == 0 {
            guard let owner = getpwnam("postgres") else { throw ProgramError(description: "there is no user postgres to run the server as") }
            for path in [base, "\(base)/password"] { chown(path, owner.pointee.pw_uid, owner.pointee.pw_gid) }
        }
        if let primary {
            try await run("pg_basebackup", "-D", "\(base)/data", "-R", "-X", "stream", "-c", "fast", "-d", primary.url())
        } else {
            try await run(
                "initdb",
                "-D",
                "\(base)/data",
                "-U",
                "emporium",
                "--pwfile=\(base)/password",
                "-A",
                "scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync"
            )
        }
        try await start()
    }

    deinit { process.withLock { $0 = nil } }

    package func url(database: String = "postgres") -> String { "postgres://emporium:\(Self.password)@127.0.0.1:\(port)/\(database)" }

    /// The folder of the newest server that is installed.
    private static func installed() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        guard let newest = versions.max() else { throw ProgramError(description: "no PostgreSQL in \(root): dev/setup --tests installs one") }
        return "\(root)/\(newest)/bin"
    }

    /// PostgreSQL refuses to run as root; `setpriv` becomes the program, so that a signal meets it.
    private func command(_ name: String, _ arguments: [String]) -> [String] {
        let prefix = getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        return prefix + ["\(bin)/\(name)"] + arguments
    }

    private func run(_ name: String, _ arguments: String...) async throws {
        try await ServerProcess.run(command(name, arguments), environment: ["HOME": base, "LC_ALL": "C.UTF-8"], log: "\(base)/\(name).log")
    }

    /// Starts it, after ``kill()`` or ``stop()`` too, and waits until it answers.
    package func start() async throws {
        let arguments = [
            "-D", "\(base)/data", "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c",
            "wal_level=replica", "-c", "max_wal_senders=4", "-c", "hot_standby=on", "-c", "max_connections=60", "-c", "shared_buffers=16MB",
        ]
        var options = PostgresDatabase.Options()
        options.connections = 1
        for _ in 0..<500 {
            let started = try ServerProcess(command("postgres", arguments), environment: ["HOME": base, "LC_ALL": "C.UTF-8"], log: "\(base)/log")
            process.withLock { $0 = started }
            let database = PostgresDatabase(url: url(), options: options)
            var answers = false
            while started.isRunning, !answers {
                answers = (try? await database.query("SELECT 1 AS one")) != nil
                if !answers { try await Task.sleep(for: .milliseconds(20)) }
            }
            await database.close()
            if answers { return }
            // A process that outlived the one that was killed has not noticed yet.
            guard log.contains("pre-existing shared memory block") else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProgramError(description: "PostgreSQL did not start: \(log)")
    }

    package var log: String { (try? String(contentsOfFile: "\(base)/log", encoding: .utf8)) ?? "" }

    /// Ends it and all its processes as a power cut would.
    package func kill() async throws { try await process.withLock { $0 }?.stop(SIGKILL) }

    /// Ends it, whoever is connected.
    package func stop() async throws { try await process.withLock { $0 }?.stop(SIGINT) }

    /// Everything stands still: connections stay open, and nobody answers.
    package func pause() { process.withLock { $0 }?.signal(SIGSTOP, toAll: true) }
    package func resume() { process.withLock { $0 }?.signal(SIGCONT, toAll: true) }

    /// Makes a replica a primary.
    package func promote() async throws { try await run("pg_ctl", "promote", "-D", "\(base)/data", "-w") }
}
