// A real Varnish, as a child process.

import Foundation

/// A Varnish that answers on a port of its own until it is stopped, or gone.
package final class VarnishServer: Sendable {
    package let port: Int
    package var client: WebClient { WebClient(port: port) }

    private let process: ServerProcess

    /// The repository's own settings for Varnish, for an index at this port.
    package static func documentedVCL(backendPort: Int) throws -> String {
        let text = try String(contentsOf: repository.appending(path: "deploy/varnish.vcl"), encoding: .utf8)
        let port = ".port = \"8080\";"
        guard text.contains(port) else { throw ProgramError(description: "deploy/varnish.vcl has another port than 8080") }
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
        var started: (process: ServerProcess, port: Int)?
        var failure = ""
        // Another program may take the port first.
        for _ in 1...3 where started == nil {
            let port = try SparePort.find()
            let arguments = [
                "/usr/sbin/varnishd", "-F", "-j", "none", "-n", "\(base)/n", "-T", "none", "-a", "127.0.0.1:\(port)", "-s", "malloc,32m", "-f",
                "\(base)/test.vcl",
            ]
            let process = try ServerProcess(arguments, environment: environment, log: log)
            for _ in 0..<1500 where process.isRunning && started == nil {
                // What is no HTTP it refuses itself, without asking the index.
                let answer = try? await WebClient(port: port).exchange(Array("?\r\n\r\n".utf8))
                if answer?.first?.status == 400 { started = (process, port) } else { try await Task.sleep(for: .milliseconds(20)) }
            }
            failure = process.output
        }
        guard let started else {
            throw ProgramError(description: "varnishd did not start: \(failure)")
        }
        (process, port) = started
    }

    /// Ends it, and waits for that.
    package func stop() async throws { try await process.stop() }
}
