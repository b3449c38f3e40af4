// A real Redis, as a child process.

package import Backends
import Foundation
import Glibc
import Synchronization

/// A Redis that answers on a port of its own until it is stopped. It can be started again, with nothing in it, on the same port.
package final class RedisServer: Sendable {
    package enum Kind: Sendable {
        case plain
        case encrypted
        case clusterNode
        /// Watches the master at this port.
        case sentinel(masterPort: Int)
    }

    package static let password = "right-word"
    package static let sentinelPassword = "sentinel-word"
    package static let masterName = "the-master"

    package let port: Int
    private let busPort: Int
    private let kind: Kind
    private let base: String
    private let arguments: [String]
    private let process: Mutex<ServerProcess?>

    /// Starts it and waits until it answers.
    ///
    /// - Parameters:
    ///   - folder: where it may make a folder for itself.
    ///   - arguments: more of its settings, such as `--maxmemory 2mb`.
    package init(_ kind: Kind = .plain, in folder: String, _ arguments: String...) async throws {
        self.kind = kind
        self.arguments = arguments
        base = "\(folder)/redis-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        port = try SparePort.find()
        busPort = try SparePort.find()
        process = Mutex(nil)
        if case .encrypted = kind { try await makeCertificate() }
        try await start()
    }

    /// As `EMPORIUM_CACHE_URL` names it.
    ///
    /// - Parameter options: behind the question mark.
    package func url(password: String = password, database: Int = 0, options: String = "") -> String {
        var options = options.isEmpty ? [] : [options]
        var scheme = "redis"
        if case .encrypted = kind {
            scheme = "rediss"
            options.insert("ca=\(certificate)", at: 0)
        }
        return "\(scheme)://:\(password)@127.0.0.1:\(port)/\(database)" + (options.isEmpty ? "" : "?" + options.joined(separator: "&"))
    }

    package var certificate: String { "\(base)/certificate.pem" }

    /// A client of this server alone.
    package func client(password: String = password, options: RedisOptions = .patient) throws -> RedisClient {
        try RedisClient(RedisLocation(url(password: password)), options: options)
    }

    /// Starts it again after ``kill()``, and waits until it answers.
    package func start() async throws {
        let started = try ServerProcess(try command(), log: "\(base)/log")
        process.withLock { $0 = started }
        let client: RedisClient
        if case .sentinel = kind {
            client = try RedisClient(RedisLocation("redis://:\(Self.sentinelPassword)@127.0.0.1:\(port)"), options: .patient)
        } else {
            client = try self.client()
        }
        defer { client.close() }
        for _ in 0..<1500 where started.isRunning {
            if (try? await client.run(RedisCommand(["PING"]), timeout: .seconds(1))) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProgramError(description: "redis-server did not start: \(started.output)")
    }

    /// Ends it at once, as a crash would.
    package func kill() async throws {
        try await process.withLock { $0 }?.stop(SIGKILL)
    }

    /// Lets it answer nothing, with its connections open.
    package func pause() { process.withLock { $0?.signal(SIGSTOP) } }
    package func resume() { process.withLock { $0?.signal(SIGCONT) } }

    /// Makes one cluster of these, each with a third of the slots.
    package static func join(_ servers: [RedisServer]) async throws {
        let clients = try servers.map { try $0.client() }
        defer { for client in clients { client.close() } }
        for (number, client) in clients.enumerated() {
            let first = 16384 * number / servers.count
            let last = 16384 * (number + 1) / servers.count - 1
            _ = try await client.run(RedisCommand(["CLUSTER", "ADDSLOTSRANGE", RedisWord(first), RedisWord(last)]))
            _ = try await client.run(RedisCommand(["CONFIG", "SET", "cluster-require-full-coverage", "no"]))
            for other in servers.dropFirst(number + 1) {
                _ = try await client.run(RedisCommand(["CLUSTER", "MEET", "127.0.0.1", RedisWord(other.port), RedisWord(other.busPort)]))
            }
        }
        for client in clients {
            var text = ""
            for _ in 0..<1000 where !text.contains("cluster_state:ok") || !text.contains("cluster_slots_ok:16384") {
                text = try await client.run(RedisCommand(["CLUSTER", "INFO"])).text ?? ""
                try await Task.sleep(for: .milliseconds(20))
            }
            guard text.contains("cluster_state:ok") else { throw ProgramError(description: "no cluster: \(text)") }
        }
    }

    private func command() throws -> [String] {
        if case .sentinel(let masterPort) = kind {
            // It writes into its settings what it learns.
            let path = "\(base)/sentinel.conf"
            try """
            port \(port)
            bind 127.0.0.1
            dir \(base)
            requirepass \(Self.sentinelPassword)
            sentinel monitor \(Self.masterName) 127.0.0.1 \(masterPort) 1
            sentinel auth-pass \(Self.masterName) \(Self.password)
            sentinel down-after-milliseconds \(Self.masterName) 500
            sentinel failover-timeout \(Self.masterName) 3000

            """.write(toFile: path, atomically: true, encoding: .utf8)
            return ["/usr/bin/redis-sentinel", path]
        }
        var words = ["/usr/bin/redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", base]
        words += ["--requirepass", Self.password, "--masterauth", Self.password, "--repl-diskless-sync-delay", "0"]
        switch kind {
        case .encrypted:
            words += ["--port", "0", "--tls-port", "\(port)", "--tls-auth-clients", "no", "--tls-cert-file", certificate]
            words += ["--tls-key-file", "\(base)/key.pem", "--tls-ca-cert-file", certificate]
        case .clusterNode:
            words += ["--port", "\(port)", "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-port", "\(busPort)"]
            words += ["--cluster-node-timeout", "2000"]
        default: words += ["--port", "\(port)"]
        }
        return words + arguments
    }

    private func makeCertificate() async throws {
        try await ServerProcess.run(
            [
                "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(base)/key.pem", "-out", certificate,
            ],
            log: "\(base)/openssl.log"
        )
    }
}

extension RedisOptions {
    /// For tests on a machine that has much else to do. Those of deadlines say theirs.
    package static var patient: RedisOptions {
        var options = RedisOptions()
        options.connectTimeout = .seconds(10)
        options.timeout = .seconds(20)
        return options
    }
}
