import Testing

@testable import Credentials

@Suite struct AuthenticatorDataTests {
    private let hash = [UInt8](repeating: 0xAA, count: 32)
    /// An Ed25519 key in COSE.
    private let key = bytes(hexadecimal: "a4010103272006215820") + [UInt8](repeating: 7, count: 32)

    private func data(_ flags: UInt8, _ rest: [UInt8] = []) -> [UInt8] { hash + [flags, 0, 1, 0, 2] + rest }

    private func credential(_ length: Int, key: [UInt8]? = nil) -> [UInt8] {
        [UInt8](repeating: 9, count: 16) + [UInt8(length >> 8), UInt8(length & 255)] + [UInt8](repeating: 1, count: length) + (key ?? self.key)
    }

    private func refused(_ bytes: [UInt8]) -> WebAuthn.Refusal? { refusal { () throws(WebAuthn.Refusal) in _ = try AuthenticatorData(bytes) } }

    @Test func `hash, flags and counter stand where they should`() throws {
        let read = try AuthenticatorData(data(0x1D))
        #expect(read.relyingPartyHash == hash)
        #expect(read.flags == [.userPresent, .userVerified, .backupEligible, .backedUp])
        #expect(read.signCount == 0x0001_0002)
        #expect(read.credential == nil)
    }

    @Test func `no part may be missing and none be added`() {
        let whole = data(0xC1, credential(16) + [0xA0])
        #expect(refused(whole) == nil)
        for count in 0..<whole.count { #expect(refused(Array(whole[..<count])) != nil, "\(count)") }
        #expect(refused(whole + [0]) == .malformedAuthenticatorData("something stands behind them"))
        #expect(refused(data(0x01) + [0]) == .malformedAuthenticatorData("something stands behind them"))
        #expect(refused(data(0x41)) == .malformedAuthenticatorData("the credential breaks off"))
    }

    @Test func `a credential's id has one to 1023 bytes`() throws {
        for length in [1, 16, 255, 256, 1023] {
            let attested = try #require(try AuthenticatorData(data(0x41, credential(length))).credential)
            #expect(attested.id == [UInt8](repeating: 1, count: length))
            #expect(attested.aaguid == [UInt8](repeating: 9, count: 16))
            #expect(attested.encodedKey == key)
        }
        for length in [0, 1024, 65_535] { #expect(refused(data(0x41, credential(length))) == .wrongCredentialID) }
    }

    @Test func `browsers may name ids as long, and no longer`() throws {
        func json(_ length: Int) -> [UInt8] {
            let id = Base64URL.encode([UInt8](repeating: 1, count: length))
            return Array(#"{"id":"\#(id)","rawId":"\#(id)","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}"#.utf8)
        }
        #expect(try WebAuthn.RegistrationResponse(json: json(1023)).id.count == 1023)
        for length in [0, 1024] {
            #expect(refusal { () throws(WebAuthn.Refusal) in _ = try WebAuthn.RegistrationResponse(json: json(length)) } == .malformedResponse("id"))
        }
    }

    @Test func `a key must be canonical CBOR`() {
        // The same key with its labels in another order, and with a length that is not the shortest.
        let disordered = bytes(hexadecimal: "a4032701012006215820") + [UInt8](repeating: 7, count: 32)
        let wide = bytes(hexadecimal: "a401010327200621590020") + [UInt8](repeating: 7, count: 32)
        for other in [disordered, wide, [0xF6], [0xA0], []] { #expect(refused(data(0x41, credential(16, key: other))) != nil) }
    }

    @Test func `an RSA key is neither short, nor padded, nor even`() {
        func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> [UInt8] {
            bytes(hexadecimal: "a401030339010020") + [0x59, UInt8(modulus.count >> 8), UInt8(modulus.count & 255)] + modulus
                + [0x21, 0x40 | UInt8(exponent.count)] + exponent
        }
        let modulus = [0xC0] + [UInt8](repeating: 1, count: 255)
        #expect(refused(data(0x41, credential(16, key: rsa(modulus, [1, 0, 1])))) == nil)
        let weak: [([UInt8], [UInt8])] = [
            ([0x7F] + modulus.dropFirst(), [1, 0, 1]), ([0] + modulus, [1, 0, 1]), (modulus, []), (modulus, [1]), (modulus, [2]), (modulus, [0, 3]),
            (modulus, [1, 0, 0]), (modulus, [255, 255, 255, 255, 255]), ([UInt8](repeating: 0xFF, count: 1025), [1, 0, 1]),
        ]
        for (modulus, exponent) in weak {
            #expect(refused(data(0x41, credential(16, key: rsa(modulus, exponent)))) == .malformedPublicKey("it is no RSA key of 2048 to 8192 bits"))
        }
    }
}
