// A real pgbouncer, as a child process.

import Foundation
import Glibc

/// A pgbouncer in transaction mode before one server: a client has a connection of the server for a transaction, and then it is somebody else's.
package final class PoolerServer: Sendable {
    package let port: Int
    private let process: ServerProcess

    /// - Parameters:
    ///   - url: of the database behind it.
    ///   - connections: how many it holds to that.
    package init(before url: String, connections: Int, in folder: String) async throws {
        guard let server = URLComponents(string: url), let user = server.user, let password = server.password else {
            throw ProgramError(description: "no user and password in the server's URL")
        }
        let base = "\(folder)/pgbouncer-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        port = try SparePort.find()
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
        process = try ServerProcess(prefix + ["/usr/sbin/pgbouncer", "\(base)/pgbouncer.ini"], log: "\(base)/log")
        self.url = "postgres://\(user)@127.0.0.1:\(port)/\(name)"
    }

    package let url: String

    package func stop() async throws { try await process.stop() }
}
