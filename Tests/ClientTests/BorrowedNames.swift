// A server at the addresses of public indexes.

import Foundation
import TestPrograms

/// Some clients have the address of a public index built in. Here such names lead to our server, within a network namespace that nothing leaves.
final class BorrowedNames: Sendable {
    static let isPossible = getuid() == 0 && ["/usr/bin/unshare", "/usr/bin/nsenter"].allSatisfy(FileManager.default.isExecutableFile)

    let server: LiveServer
    /// What a client has to be run under to be in there.
    let inside: [String]
    private let front: TLSFront

    /// The path of the certificate that vouches for the names.
    var authority: String { front.authority }

    /// Starts a server that answers to these names over HTTPS. The namespaces are its process's own, and go with it.
    ///
    /// - Parameter hosts: as the client itself has them.
    init(_ hosts: [String], serving site: LiveServer.Site, in folder: TemporaryFolder) async throws {
        try folder.write("127.0.0.1 localhost \(hosts.joined(separator: " "))\n", to: "hosts")
        let script = #"ip link set lo up && mount --bind "$0" /etc/hosts && exec "$@""#
        server = try await LiveServer(
            serving: site,
            under: ["/usr/bin/unshare", "--net", "--mount", "/bin/sh", "-c", script, folder.path("hosts")]
        )
        inside = ["/usr/bin/nsenter", "--net", "--mount", "--target", String(server.processIdentifier), "--wd=\(folder.url.path)", "--"]
        front = try await TLSFront(of: server, port: 443, hosts, in: folder, under: inside)
    }
}
