import Testing

@testable import Credentials

@Suite struct TimedTokenTests {
    private static let secretKey = Array("0123456789abcdef".utf8)
    private static let formerKey = Array("fedcba9876543210".utf8)
    private let signer = TimedTokenSigner(secretKeys: [secretKey])
    private let now: Int64 = 1_800_000_000_000_000
    private let values = ["action": "password-reset", "user.id": "4b1f", "": "", "é": "\u{0}\u{1F600}"]

    private func refusal(_ token: String?, _ purpose: TimedToken.Purpose = .email, at time: Int64? = nil, by other: TimedTokenSigner? = nil)
        -> TimedTokenRefusal?
    {
        do {
            _ = try (other ?? signer).verify(token, for: purpose, at: time ?? now)
            return nil
        } catch { return error }
    }

    @Test func `a token says what was signed, and when`() throws {
        for values in [values, [:], ["a": String(repeating: "x", count: 4000)]] {
            let token = signer.sign(values, for: .email, at: now)
            #expect(token.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) })
            let read = try signer.verify(token, for: .email, at: now)
            #expect(read == TimedToken(issuedAt: now, values: values))
        }
    }

    @Test func `one statement has one spelling`() {
        var generator = FixedGenerator(seed: 1)
        let names = (0..<20).map { "name\($0)" }
        let tokens = Set(
            (0..<20).map { _ -> String in
                var values: [String: String] = [:]
                for name in names.shuffled(using: &generator) { values[name] = name + "!" }
                return signer.sign(values, for: .email, at: now)
            }
        )
        #expect(tokens.count == 1)
        // Where a name ends and its value begins is signed as well.
        #expect(signer.sign(["ab": "c"], for: .email, at: now) != signer.sign(["a": "bc"], for: .email, at: now))
    }

    @Test func `a missing token is told from a bad one`() {
        #expect(refusal(nil) == .missing)
        #expect(refusal("") == .missing)
        for text in [" ", "x", "AAAA", "=", String(repeating: "A", count: 55), String(repeating: "A", count: 100_000)] {
            #expect(refusal(text) == .invalid)
        }
    }

    @Test(arguments: [
        TimedToken.Purpose.passwordReset, .email, .twoFactor, .confirmLogin, .rememberDevice, .init(name: "own", lifetimeSeconds: 0),
    ])
    func `a token is taken until its purpose's age and not a microsecond longer`(purpose: TimedToken.Purpose) throws {
        let token = signer.sign(values, for: purpose, at: now)
        let end = now + purpose.lifetimeSeconds * 1_000_000
        #expect(refusal(token, purpose, at: end) == nil)
        #expect(refusal(token, purpose, at: end + 1) == .expired)
        #expect(refusal(token, purpose, at: .max) == .expired)
        #expect(try signer.verifySignature(of: token, for: purpose).values == values)
    }

    @Test func `the lives are those of the reference`() {
        let purposes: [TimedToken.Purpose] = [.passwordReset, .email, .twoFactor, .confirmLogin, .rememberDevice]
        #expect(purposes.map(\.lifetimeSeconds) == [21_600, 21_600, 300, 21_600, 2_592_000])
        #expect(Set(purposes.map(\.name)).count == purposes.count)
    }

    @Test func `another clock may be a minute ahead`() {
        let token = signer.sign(values, for: .email, at: now)
        #expect(refusal(token, at: now - 60_000_000) == nil)
        #expect(refusal(token, at: now - 60_000_001) == .invalid)
        #expect(refusal(token, at: .min) == .invalid)
    }

    @Test func `a token of one purpose is never taken for another`() throws {
        let purposes: [TimedToken.Purpose] = [.passwordReset, .email, .twoFactor, .confirmLogin, .rememberDevice]
        for made in purposes {
            let token = signer.sign(values, for: made, at: now)
            for asked in purposes { #expect(refusal(token, asked) == (asked == made ? nil : .invalid)) }
            #expect(throws: TimedTokenRefusal.invalid) { try signer.verifySignature(of: token, for: .init(name: "other", lifetimeSeconds: 1)) }
        }
        // Not even an expired one tells that it would be good elsewhere.
        #expect(refusal(signer.sign(values, for: .twoFactor, at: 0), .email) == .invalid)
    }

    @Test func `no changed character and no cut is taken`() throws {
        let token = Array(signer.sign(values, for: .email, at: now).utf8)
        for index in token.indices {
            for other in "AZaz09-_=. ".utf8 where other != token[index] {
                var changed = token
                changed[index] = other
                #expect(refusal(String(decoding: changed, as: UTF8.self)) == .invalid)
            }
            if index > 0 { #expect(refusal(String(decoding: token[..<index], as: UTF8.self)) == .invalid) }
        }
        #expect(refusal(String(decoding: token, as: UTF8.self) + "A") == .invalid)
        #expect(refusal(String(decoding: token, as: UTF8.self) + "=") == .invalid)
    }

    @Test func `a former key still verifies and no longer signs`() {
        let rotated = TimedTokenSigner(secretKeys: [Self.secretKey, Self.formerKey])
        let former = TimedTokenSigner(secretKeys: [Self.formerKey])
        let old = former.sign(values, for: .email, at: now)
        #expect(refusal(old, by: rotated) == nil)
        #expect(refusal(old) == .invalid)
        let new = rotated.sign(values, for: .email, at: now)
        #expect(refusal(new) == nil)
        #expect(refusal(new, by: former) == .invalid)
    }

    @Test func `the format is what it was`() throws {
        // Made apart, by HKDF and HMAC of the Python library `cryptography`.
        let token = "AQAGZRcomIAAAAZhY3Rpb24AAXgAB3VzZXIuaWQABDRiMWbJ2RMJmAMHgsHbOf8Odeh-pHaIZtR9n_VrlhDsLjV0Yw"
        #expect(signer.sign(["user.id": "4b1f", "action": "x"], for: .twoFactor, at: now) == token)
    }

    @Test func `the keys show in no description`() {
        var dumped = ""
        dump(signer, to: &dumped)
        dump(RecoveryCodeHasher(secretKeys: [Self.secretKey]), to: &dumped)
        #expect(dumped == "- timed token signer\n- recovery code hasher\n")
    }

    @Test func `a refusal tells nothing of the token`() {
        for refusal in [TimedTokenRefusal.missing, .expired, .invalid] { #expect(refusal.description.hasPrefix("the token is ")) }
    }
}
