// Interpreters with real Python packages.

import Foundation
import Synchronization

/// Virtual environments that `dev/python-env` makes once and keeps.
package enum PythonEnvironment {
    private static let known = Mutex<[String: String]>([:])
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The interpreter of the environment that a requirements file describes. Blocks this thread while it is made.
    ///
    /// - Parameters:
    ///   - name: names the environment's folder.
    ///   - requirements: the file, from the root of the repository.
    /// - Throws: ``ChildProcessFailure`` when it can not be made.
    package static func interpreter(_ name: String, requirements: String) throws -> String {
        if let python = known.withLock({ $0[name] }) { return python }
        // Several may come here at once: the script makes it for the first one and lets the others wait.
        let program = [root.appending(path: "dev/python-env").path, name, root.appending(path: requirements).path]
        let python = try ChildProcess.run(program).succeeded().text.trimmingCharacters(in: .whitespacesAndNewlines)
        known.withLock { $0[name] = python }
        return python
    }

    /// The interpreter of the environment that a requirements file describes.
    ///
    /// - Parameters:
    ///   - name: names the environment's folder.
    ///   - requirements: the file, from the root of the repository.
    /// - Throws: ``ChildProcessFailure`` when it can not be made.
    package static func interpreter(_ name: String, requirements: String) async throws -> String {
        if let python = known.withLock({ $0[name] }) { return python }
        return try await onThreadOfItsOwn { try interpreter(name, requirements: requirements) }
    }
}
