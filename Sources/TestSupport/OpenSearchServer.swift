// A server that speaks OpenSearch's protocol, as a child process.

import Foundation
import Glibc
import TestPrograms

/// `osmem-server`, which keeps all in memory and needs no Java. One serves all tests of a process: each has an alias of its own.
///
/// With `TEST_OPENSEARCH_URL` in the environment, such as `http://127.0.0.1:9200`, the tests ask that server instead.
package final class OpenSearchServer: Sendable {
    /// Scheme, host and port.
    package let base: String
    private let process: SharedServerProcess?

    /// A location that no other test uses.
    package func location(options: String = "") -> String {
        "opensearch+\(base)/test-\(UUID().uuidString.prefix(8).lowercased())\(options.isEmpty ? "" : "?")\(options)"
    }

    /// The server, started by whoever asks first.
    package static func shared() async throws -> OpenSearchServer { try await Starting.shared.server() }

    private actor Starting {
        static let shared = Starting()
        private var task: Task<OpenSearchServer, any Error>?

        func server() async throws -> OpenSearchServer {
            // Also the failure is kept: it would be the same the next time.
            let task = task ?? Task { try await OpenSearchServer() }
            self.task = task
            return try await task.value
        }
    }

    private init() async throws {
        if let base = ProcessInfo.processInfo.environment["TEST_OPENSEARCH_URL"], !base.isEmpty {
            (self.base, process) = (base, nil)
            return
        }
        let python = try await PythonEnvironment.interpreter("opensearch", requirements: "Tests/BackendTests/opensearch-requirements.txt")
        // The package's own starter looks for the program in the same place.
        let whereIsIt = "import osmem_server, pathlib; print(pathlib.Path(osmem_server.__file__).parent / 'bin' / 'osmem-server')"
        let program = try await ChildProcess.run([python, "-c", whereIsIt]).succeeded().text.trimmingCharacters(in: .whitespacesAndNewlines)
        var failure = ""
        // Another program may take the port first.
        for _ in 1...3 {
            let folder = FileManager.default.temporaryDirectory.appending(path: "opensearch-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let port = try SparePort.find()
            let process = try SharedServerProcess(
                [program, "-addr", "127.0.0.1:\(port)", "-no-stdin-watch"],
                environment: ["HOME": folder],
                log: "\(folder)/log",
                removing: folder
            )
            for _ in 0..<1000 {
                if SparePort.isTaken(port) {
                    (base, self.process) = ("http://127.0.0.1:\(port)", process)
                    return
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            failure = process.output
        }
        throw ProgramError(description: "osmem-server did not start: \(failure.suffix(2000))")
    }
}
