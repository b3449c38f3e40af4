// HTTPS before a server.

import Foundation
import TestPrograms

/// Speaks TLS on a port of this machine and passes on to a server what it hears, until it is let go.
final class TLSFront: Sendable {
    /// The path of the certificate that vouches for it.
    let authority: String
    private let program: RunningCommand

    /// - Parameters:
    ///   - hosts: for which its certificate holds.
    ///   - prefix: a command to run it under.
    init(of server: LiveServer, port: Int, _ hosts: [String], in folder: TemporaryFolder, under prefix: [String] = []) async throws {
        let authority = folder.path("authority.pem")
        self.authority = authority
        let program = try await Client("tls").start(
            "python",
            [Repository.script("tls_front.py"), server.port, authority, String(port)] + hosts,
            in: folder,
            under: prefix
        )
        self.program = program
        try await waitUntil(within: 30, "TLS: \(program.text)") { FileManager.default.fileExists(atPath: authority) }
    }

    deinit { program.send(SIGKILL) }
}
