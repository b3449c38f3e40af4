import Foundation
import TestPrograms

/// What a Python library says to the same questions: a script that reads JSON from its first argument's file and writes JSON to its second's.
enum PythonScript {
    static func answer<Question: Encodable & Sendable, Answer: Decodable & Sendable>(
        _ script: String,
        to question: Question,
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("credentials-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (asked, answered) = (folder.appendingPathComponent("question.json"), folder.appendingPathComponent("answer.json"))
        try JSONEncoder().encode(question).write(to: asked)
        let python = try await PythonEnvironment.interpreter("credentials", requirements: "Tests/CredentialsTests/requirements.txt")
        _ = try await ChildProcess.run([python, "-c", script, asked.path, answered.path]).succeeded()
        return try JSONDecoder().decode(Answer.self, from: Data(contentsOf: answered))
    }
}
