import Testing

@testable import Credentials

@Suite struct RecoveryCodeTests {
    private let hasher = RecoveryCodeHasher(secretKeys: [Array("0123456789abcdef".utf8)])
    private let owner = Array("4b1f1f8e".utf8)

    @Test func `there are eight different codes of sixteen lowercase hexadecimal digits`() {
        var generator = FixedGenerator(seed: 1)
        let codes = RecoveryCode.make(using: &generator)
        #expect(codes.count == 8)
        #expect(Set(codes).count == 8)
        for code in codes { #expect(code.text.count == 16 && code.text.allSatisfy { "0123456789abcdef".contains($0) }) }
        var again = FixedGenerator(seed: 1)
        #expect(RecoveryCode.make(using: &again) == codes)
        #expect(Set(RecoveryCode.make()).isDisjoint(with: RecoveryCode.make()))
    }

    /// Says each number three times.
    private struct StutteringGenerator: RandomNumberGenerator {
        var calls: UInt64 = 0
        mutating func next() -> UInt64 {
            calls += 1
            return calls / 3
        }
    }

    @Test func `a source that repeats itself gives no code twice, and leading zeros stay`() {
        var generator = StutteringGenerator()
        let codes = RecoveryCode.make(using: &generator)
        #expect(codes.map(\.text) == (0..<8).map { "000000000000000\($0)" })
    }

    @Test func `white space and case do not matter`() throws {
        let code = try #require(RecoveryCode("00ab12cd34ef5678"))
        for typed in ["00AB12CD34EF5678", " 00ab 12cd 34ef 5678\n", "\t00aB12cD34eF5678\u{A0}"] { #expect(RecoveryCode(typed) == code) }
        #expect(code.text == "00ab12cd34ef5678")
    }

    @Test(arguments: [
        "", "00ab12cd34ef567", "00ab12cd34ef56789", "00ab12cd34ef567g", "００ab12cd34ef5678", "00ab12cd34ef56\u{0}78", "0x00ab12cd34ef56",
    ])
    func `what no code looks like is none`(typed: String) {
        #expect(RecoveryCode(typed) == nil)
    }

    @Test func `a hash is found again for the same owner only, and only of the same code`() throws {
        var generator = FixedGenerator(seed: 2)
        let codes = RecoveryCode.make(using: &generator)
        let stored = Set(codes.map { hasher.hash($0, owner: owner) })
        #expect(stored.count == 8)
        for code in codes {
            #expect(hasher.candidates(code, owner: owner).filter(stored.contains).count == 1)
            #expect(hasher.candidates(code, owner: owner + [1]).filter(stored.contains).isEmpty)
        }
        for code in RecoveryCode.make() { #expect(hasher.candidates(code, owner: owner).filter(stored.contains).isEmpty) }
    }

    @Test func `the stored form is what it was`() throws {
        // Computed apart, by HKDF and HMAC of the Python library `cryptography`.
        let code = try #require(RecoveryCode("00ab12cd34ef5678"))
        #expect(hasher.hash(code, owner: owner) == "5a58d15f04002cc34f8e6325b6464f1bee46d7aeb484009350da5b27ef2e6a6b")
    }

    @Test func `a code given out under a former secret key is still found, one of another key is not`() throws {
        let code = try #require(RecoveryCode("00ab12cd34ef5678"))
        let rotated = RecoveryCodeHasher(secretKeys: [Array("fedcba9876543210".utf8), Array("0123456789abcdef".utf8)])
        let other = RecoveryCodeHasher(secretKeys: [Array("fedcba9876543210".utf8)])
        let stored = hasher.hash(code, owner: owner)
        #expect(rotated.candidates(code, owner: owner).contains(stored))
        #expect(rotated.hash(code, owner: owner) == other.hash(code, owner: owner))
        #expect(!other.candidates(code, owner: owner).contains(stored))
    }

    @Test func `a code shows in no description`() throws {
        let code = try #require(RecoveryCode("00ab12cd34ef5678"))
        var dumped = ""
        dump([code], to: &dumped)
        for shown in ["\(code)", String(reflecting: code), dumped] { #expect(!shown.contains("00ab")) }
    }
}
