import Foundation
import TestPrograms

/// `oracle.py`.
enum PythonOracle {
    static func ask<Answer: Decodable>(_ type: Answer.Type, _ arguments: [String], input: String = "") async throws -> Answer {
        let python = try await PythonEnvironment.interpreter("localization", requirements: "Tests/LocalizationTests/requirements.txt")
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "oracle.py").path
        return try JSONDecoder().decode(
            type,
            from: try await ChildProcess.run([python, program] + arguments, input: Data(input.utf8)).succeeded().output
        )
    }
}
