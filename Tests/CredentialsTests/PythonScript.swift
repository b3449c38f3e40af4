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

/// A random source that says the same in every run (SplitMix64).
struct FixedGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}

func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

func bytes(hexadecimal text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
