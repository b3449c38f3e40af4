// A real pgbouncer, as a child process.

import Foundation
import Glibc

/// A pgbouncer in transaction mode before one server: a client has a connection of the server for a transaction, and then it is somebody else's.
package final class PoolerServer: Sendable {
    /// The way to the database through it.
    package let url: String
    private let process: ServerProcess
    private let folder: String

    /// - Parameters:
    ///   - url: of the database behind it.
    ///   - connections: how many it holds to that.
    package init(before url: String, connections: Int) async throws {
        guard let server = URLComponents(string: url), let user = server.user, let password = server.password else {
            throw ProgramError(description: "no user and password in the server's URL")
        }
        let base = FileManager.default.temporaryDirectory.appending(path: "pgbouncer-\(UUID().uuidString)").path
        folder = base
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        let port = try SparePort.find()
        let name = server.path.dropFirst()
        try """
        [databases]
        \(name) = host=127.0.0.1 port=\(server.port ?? 5432) dbname=\(name) user=\(user) password=\(password)
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = \(port)
        unix_socket_dir =
        auth_type = trust
        auth_file = \(base)/users
        pool_mode = transaction
        default_pool_size = \(connections)
        max_client_conn = 200

        """.write(toFile: "\(base)/pgbouncer.ini", atomically: true, encoding: .utf8)
        try "\"\(user)\" \"\"\n".write(toFile: "\(base)/users", atomically: true, encoding: .utf8)
        // It refuses to run as root.
        let prefix = getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        let process = try ServerProcess(prefix + ["/usr/sbin/pgbouncer", "\(base)/pgbouncer.ini"], log: "\(base)/log")
        while process.isRunning, !SparePort.isTaken(port) { try await Task.sleep(for: .milliseconds(5)) }
        guard process.isRunning else {
            throw ProgramError(description: "pgbouncer did not start: \(process.output)")
        }
        self.process = process
        self.url = "postgres://\(user)@127.0.0.1:\(port)/\(name)"
    }

    package func stop() async throws {
        try await process.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
