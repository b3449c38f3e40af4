import Foundation
import TestPrograms
import Testing

@testable import Credentials

/// pymacaroons, the library the reference index uses, must read our tokens and make the same ones.
@Suite struct MacaroonInteroperationTests {
    private struct Made: Codable {
        let key: String
        let location: String
        let identifier: String
        let caveats: [String]
        let token: String
    }

    private struct Answer: Codable {
        /// Their token for the same parts.
        let token: String
        /// Ours, read and restricted further by them.
        let attenuated: String
        let addedCaveat: String
        /// Whether they verify ours with the key, and with another.
        let isValid: Bool
        let isValidForOtherKey: Bool
    }

    private static let script = """
        import json, sys
        from pymacaroons import MACAROON_V2, Macaroon, Verifier

        def verifies(macaroon, key):
            verifier = Verifier()
            verifier.satisfy_general(lambda caveat: True)
            try:
                return verifier.verify(macaroon, key)
            except Exception:
                return False

        answers = []
        for made in json.load(open(sys.argv[1])):
            key = bytes.fromhex(made["key"])
            mine = Macaroon(location=made["location"], identifier=made["identifier"], key=key, version=MACAROON_V2)
            for caveat in made["caveats"]:
                mine.add_first_party_caveat(caveat)
            theirs = Macaroon.deserialize(made["token"][len("pypi-"):])
            assert theirs.location == made["location"] and theirs.identifier_bytes == made["identifier"].encode()
            assert [caveat.caveat_id_bytes.decode() for caveat in theirs.caveats] == made["caveats"]
            answer = {"token": "pypi-" + mine.serialize(), "isValid": verifies(theirs, key), "isValidForOtherKey": verifies(theirs, key[::-1])}
            answer["addedCaveat"] = json.dumps([1, ["added-%d" % len(answers)]], separators=(",", ":"))
            theirs.add_first_party_caveat(answer["addedCaveat"])
            answer["attenuated"] = "pypi-" + theirs.serialize()
            answers.append(answer)
        json.dump(answers, open(sys.argv[2], "w"))
        """

    @Test func `pymacaroons reads three hundred of our tokens, makes the same ones, and we read what it restricts further`() async throws {
        var generator = SystemRandomNumberGenerator()
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        let made: [(Macaroon, Made)] = (0..<300).map { index in
            let key = bytes(32)
            let location = ["pypi.example", "localhost:8080", "x"].randomElement()!
            let identifier = UUID().uuidString.lowercased()
            var macaroon = Macaroon(location: location, identifier: Array(identifier.utf8), rootKey: key)
            let caveats = (0..<index % 7).map { _ -> Caveat in
                switch Int.random(in: 0..<5) {
                case 0: .expiration(expiresAt: .random(in: 0...(1 << 40)), notBefore: .random(in: -5...5))
                case 1: .projectName((0..<Int.random(in: 0...40)).map { "project-\($0)" })
                case 2: .projectID((0..<Int.random(in: 1...4)).map { _ in UUID().uuidString.lowercased() })
                case 3: .requestUser(UUID().uuidString.lowercased())
                default: .oidcPublisher("é\u{1F600}\"\\")
                }
            }
            for caveat in caveats { macaroon.addCaveat(caveat.json) }
            let hex = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let texts = caveats.map { String(decoding: $0.json, as: UTF8.self) }
            return (macaroon, Made(key: hex, location: location, identifier: identifier, caveats: texts, token: macaroon.token))
        }

        let answers = try await ask(made.map(\.1))
        #expect(answers.count == made.count)
        for ((macaroon, made), answer) in zip(made, answers) {
            #expect(answer.token == made.token)
            #expect(answer.isValid)
            #expect(!answer.isValidForOtherKey)
            let key = stride(from: 0, to: 64, by: 2).map { UInt8(made.key.dropFirst($0).prefix(2), radix: 16)! }
            let attenuated = try Macaroon(token: answer.attenuated)
            #expect(attenuated == macaroon.adding(caveat: Array(answer.addedCaveat.utf8)))
            #expect(attenuated.hasValidSignature(rootKey: key))
        }
    }

    private func ask(_ made: [Made]) async throws -> [Answer] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("macaroons-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (question, answer) = (folder.appendingPathComponent("made.json"), folder.appendingPathComponent("answers.json"))
        try JSONEncoder().encode(made).write(to: question)
        let python = try await PythonEnvironment.interpreter("macaroons", requirements: "dev/macaroon-requirements.txt")
        _ = try await ChildProcess.run([python, "-c", Self.script, question.path, answer.path]).succeeded()
        return try JSONDecoder().decode([Answer].self, from: Data(contentsOf: answer))
    }
}
