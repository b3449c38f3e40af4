import Foundation
import Testing

@testable import Credentials

@Suite struct TOTPTests {
    private static let second: Int64 = 1_000_000
    private let totp = try! TOTP(secret: Array("12345678901234567890".utf8))

    private func text(_ code: [UInt8]) -> String { String(decoding: code, as: UTF8.self) }

    // RFC 6238, appendix B, the SHA-1 column: eight digits there, of which ours are the last six.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"), (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] as [(Int64, String)]
    )
    func `the vectors of RFC 6238 come out`(time: Int64, code: String) {
        #expect(text(totp.code(atStep: TOTP.step(at: time * Self.second))) == code.suffix(6))
    }

    // RFC 4226, appendix D.
    @Test func `the vectors of RFC 4226 come out`() {
        let codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
        #expect((0..<10).map { text(totp.code(atStep: $0)) } == codes)
    }

    @Test func `a step lasts thirty seconds`() {
        #expect(TOTP.step(at: 0) == 0)
        #expect(TOTP.step(at: 30 * Self.second - 1) == 0)
        #expect(TOTP.step(at: 30 * Self.second) == 1)
        #expect(TOTP.step(at: -1) == -1)
        #expect(TOTP.step(at: -30 * Self.second) == -1)
        #expect(TOTP.step(at: .min) < 0)
    }

    /// A secret whose codes around step 1000 all differ, so that each offset has one answer.
    private static let distinct: TOTP = {
        var generator = FixedGenerator(seed: 1)
        while true {
            let totp = TOTP(using: &generator)
            if Set((980...1020).map { totp.code(atStep: $0) }).count == 41 { return totp }
        }
    }()

    @Test(arguments: -12...12 as ClosedRange<Int64>)
    func `a code is accepted one step around now, recognised ten steps around it, and wrong beyond`(offset: Int64) {
        let expected: TOTP.Verdict =
            switch abs(offset) {
            case ...1: .accepted(step: 1000 + offset)
            case ...10: .outOfSync(steps: Int(offset))
            default: .wrong
            }
        let code = text(Self.distinct.code(atStep: 1000 + offset))
        for moment in [0, 1, 30 * Self.second - 1] {
            #expect(Self.distinct.verify(code, at: 1000 * 30 * Self.second + moment, lastAcceptedStep: nil) == expected)
        }
    }

    @Test func `an accepted code and all before it are refused from then on, those after it are not`() {
        let now = 1000 * 30 * Self.second
        for last in Int64(985)...1001 {
            for step in Int64(990)...1010 {
                let verdict = Self.distinct.verify(text(Self.distinct.code(atStep: step)), at: now, lastAcceptedStep: last)
                if step <= last {
                    #expect(verdict == .replayed)
                } else {
                    #expect(verdict == (abs(step - 1000) <= 1 ? .accepted(step: step) : .outOfSync(steps: Int(step - 1000))))
                }
            }
        }
    }

    @Test func `a replay is refused however it is spelled`() {
        let now = 1000 * 30 * Self.second
        let code = text(Self.distinct.code(atStep: 1000))
        for spelling in [code, " \(code)", "\(code)\n", code.map(String.init).joined(separator: "\u{A0}"), "\(code.prefix(3)) \(code.suffix(3))"] {
            #expect(Self.distinct.verify(spelling, at: now, lastAcceptedStep: nil) == .accepted(step: 1000))
            #expect(Self.distinct.verify(spelling, at: now, lastAcceptedStep: 1000) == .replayed)
        }
    }

    /// A coincidence: when a code is that of two steps of the window, the one not yet used counts.
    @Test func `a code that two steps share is accepted for the one that was not used`() throws {
        var generator = FixedGenerator(seed: 2)
        var found: (TOTP, Int64)?
        search: while found == nil {
            let totp = TOTP(using: &generator)
            var seen: [[UInt8]: Int64] = [:]
            for step in Int64(0)...30_000 {
                let code = totp.code(atStep: step)
                if let before = seen[code], step - before <= 2 {
                    found = (totp, step)
                    break search
                }
                seen[code] = step
            }
        }
        let (totp, step) = try #require(found)
        let code = text(totp.code(atStep: step))
        let now = (step - 1) * 30 * Self.second
        #expect(totp.verify(code, at: now, lastAcceptedStep: step - 1) == .accepted(step: step))
        #expect(totp.verify(code, at: now, lastAcceptedStep: step) == .replayed)
    }

    @Test(arguments: ["", " ", "12345", "1234567", "12345a", "１２３４５６", "٣٣٣٣٣٣", "-12345", "+12345", "123.45", "\u{0}123456", "0x1234"])
    func `what is not six ASCII digits is wrong`(code: String) {
        #expect(totp.verify(code, at: 59 * Self.second, lastAcceptedStep: nil) == .wrong)
    }

    @Test func `every other code is refused`() {
        let now = 1000 * 30 * Self.second
        let right = Set((990...1010).map { text(Self.distinct.code(atStep: $0)) })
        for value in 0..<3000 {
            let code = String(repeating: "0", count: 6 - String(value).count) + String(value)
            if !right.contains(code) { #expect(Self.distinct.verify(code, at: now, lastAcceptedStep: nil) == .wrong) }
        }
    }

    @Test func `nothing is accepted before 1970`() {
        for step in Int64(-3)...(-1) {
            #expect(Self.distinct.verify(text(Self.distinct.code(atStep: step)), at: -30 * Self.second, lastAcceptedStep: nil) == .wrong)
        }
    }

    @Test func `a secret has 160 bits, shows nowhere and comes back from its text`() throws {
        let totp = TOTP()
        #expect(totp.secret.count == 20)
        #expect(totp != TOTP())
        for count in [0, 19, 21] { #expect(throws: InvalidTOTPSecret.self) { try TOTP(secret: [UInt8](repeating: 1, count: count)) } }
        #expect(totp.secretText.count == 32)
        #expect(try TOTP(secretText: totp.secretText) == totp)
        #expect(try TOTP(secretText: totp.secretText.lowercased().map(String.init).joined(separator: " ")) == totp)
        #expect(throws: InvalidTOTPSecret.self) { try TOTP(secretText: totp.secretText + "A") }
        var dumped = ""
        dump(totp, to: &dumped)
        for shown in ["\(totp)", String(reflecting: totp), dumped] {
            #expect(!shown.contains(totp.secretText) && !shown.contains("\(totp.secret[0]), ") && !shown.contains("secret: "))
        }
    }

    // RFC 4648 §10, without the padding.
    @Test func `the vectors of RFC 4648 come out and back`() {
        for (bytes, text) in [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
        ] {
            #expect(Base32.encode(Array(bytes.utf8)) == text)
            #expect(Base32.decode(text) == Array(bytes.utf8))
        }
        for text in ["M", "MZX", "MZXW6Y", "MZ", "M1", "M0", "M8", "MY=", "MÄ"] { #expect(Base32.decode(text) == nil) }
    }

    @Test func `the address for apps is percent-encoded, and no colon of a name splits its label`() throws {
        let uri = totp.provisioningURI(issuer: "Ünder & Sons: 100%", account: "a+b/c?d#e")
        #expect(
            uri
                == "otpauth://totp/%C3%9Cnder%20%26%20Sons%20%20100%25:a%2Bb%2Fc%3Fd%23e?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=%C3%9Cnder%20%26%20Sons%20%20100%25&algorithm=SHA1&digits=6&period=30"
        )
        let components = try #require(URLComponents(string: uri))
        #expect(components.queryItems?.first { $0.name == "issuer" }?.value == "Ünder & Sons  100%")
    }
}

/// pyotp, the library of many servers, must make the same codes and read our addresses.
@Suite struct TOTPInteroperationTests {
    private struct Question: Codable, Sendable {
        let secret: String
        let uri: String
        let seconds: [Int64]
    }

    private struct Answer: Codable, Sendable {
        let codes: [String]
        let secret: String
        let issuer: String
        let name: String
    }

    @Test func `pyotp reads our addresses and makes the same codes`() async throws {
        var generator = FixedGenerator(seed: 3)
        let names = ["alice", "a b", "é@x", "100%", "x&secret=1", "a?b", "a#b", "a+b", "a/b"]
        let made = names.map { name -> (TOTP, Question) in
            let totp = TOTP(using: &generator)
            let seconds = (0..<200).map { _ in Int64.random(in: 0...5_000_000_000, using: &generator) }
            return (totp, Question(secret: totp.secretText, uri: totp.provisioningURI(issuer: name + " Index", account: name), seconds: seconds))
        }
        let answers = try await PythonScript.answer(
            """
            import json, pyotp, sys
            answers = []
            for question in json.load(open(sys.argv[1])):
                totp = pyotp.parse_uri(question["uri"])
                assert isinstance(totp, pyotp.TOTP) and totp.interval == 30 and totp.digits == 6
                codes = [pyotp.TOTP(question["secret"]).at(second) for second in question["seconds"]]
                assert codes == [totp.at(second) for second in question["seconds"]]
                answers.append({"codes": codes, "secret": totp.secret, "issuer": totp.issuer, "name": totp.name})
            json.dump(answers, open(sys.argv[2], "w"))
            """,
            to: made.map(\.1),
            as: [Answer].self
        )
        #expect(answers.count == names.count)
        for (((totp, question), answer), name) in zip(zip(made, answers), names) {
            #expect(answer.secret == totp.secretText)
            #expect(answer.issuer == name + " Index")
            #expect(answer.name == name)
            for (second, code) in zip(question.seconds, answer.codes) {
                #expect(totp.verify(code, at: second * 1_000_000, lastAcceptedStep: nil) == .accepted(step: second / 30))
            }
        }
    }
}
