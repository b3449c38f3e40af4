// Interpreters with real Python packages.

import Foundation
import Synchronization

/// Virtual environments that `dev/python-env` makes once and keeps.
package enum PythonEnvironment {
    private static let known = Mutex<[String: String]>([:])

    /// The interpreter of the environment that a requirements file describes.
    ///
    /// - Parameters:
    ///   - name: names the environment's folder.
    ///   - requirements: the file, from the root of the repository.
    /// - Throws: ``Failure`` when it can not be made.
    package static func interpreter(_ name: String, requirements: String) throws -> String {
        // Held while it is made, so that one test makes it and the others wait.
        try known.withLock { known in
            if let python = known[name] { return python }
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let process = Process()
            let output = Pipe()
            process.executableURL = root.appending(path: "dev/python-env")
            process.arguments = [name, root.appending(path: requirements).path]
            process.standardOutput = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw Failure(description: "dev/python-env could not make the environment '\(name)'") }
            let python = text.trimmingCharacters(in: .whitespacesAndNewlines)
            known[name] = python
            return python
        }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }
}
