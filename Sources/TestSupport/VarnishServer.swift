// A real Varnish, as a child process.

import Foundation
import Glibc

/// A Varnish that answers on a port of its own until it is stopped, or gone.
package final class VarnishServer: Sendable {
    package let port: Int
    package var client: WebClient { WebClient(port: port) }

    private let daemon: Daemon

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
        var started: (daemon: Daemon, port: Int)?
        // Another program may take the port first.
        for _ in 1...3 where started == nil {
            let port = try SparePort.find()
            let arguments = [
                "/usr/sbin/varnishd", "-F", "-j", "none", "-n", "\(base)/n", "-T", "none", "-a", "127.0.0.1:\(port)", "-s", "malloc,32m", "-f",
                "\(base)/test.vcl",
            ]
            let daemon = try Daemon(arguments, environment: environment, log: log)
            for _ in 0..<1500 where daemon.isRunning && started == nil {
                // What is no HTTP it refuses itself, without asking the index.
                let answer = try? await WebClient(port: port).exchange(Array("?\r\n\r\n".utf8))
                if answer?.first?.status == 400 { started = (daemon, port) } else { try await Task.sleep(for: .milliseconds(20)) }
            }
            if started == nil { daemon.end() }
        }
        guard let started else {
            throw ProgramError(description: "varnishd did not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        }
        port = started.port
        daemon = started.daemon
    }

    /// Ends it, and waits for that.
    package func stop() async throws {
        try await WebClient.blocking { [daemon] in daemon.end() }
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
