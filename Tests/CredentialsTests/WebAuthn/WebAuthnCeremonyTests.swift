import Foundation
import Testing

@testable import Credentials

@Suite struct WebAuthnCeremonyTests {
    private let site = Authenticators.relyingParty
    private let challenge = [UInt8](repeating: 7, count: 32)

    private func register(_ json: String, _ verification: WebAuthn.UserVerification = .discouraged) throws(WebAuthn.Refusal) -> WebAuthn.Registration
    {
        try site.verify(WebAuthn.RegistrationResponse(json: Array(json.utf8)), challenge: challenge, userVerification: verification)
    }

    private func assert(
        _ json: String,
        _ credential: WebAuthn.Credential,
        requiresUserHandle: Bool = false,
        _ verification: WebAuthn.UserVerification = .discouraged
    ) throws(WebAuthn.Refusal) -> WebAuthn.Assertion {
        try site.verify(
            WebAuthn.AuthenticationResponse(json: Array(json.utf8)),
            challenge: challenge,
            credential: credential,
            userHandle: Authenticators.userHandle,
            requiresUserHandle: requiresUserHandle,
            userVerification: verification
        )
    }

    /// A registration has the flags user present, user verified, attested credential.
    private static func question(_ algorithm: String = "ES256", _ change: (inout Authenticators.Question) -> Void = { _ in })
        -> Authenticators.Question
    {
        var question = Authenticators.Question(algorithm: algorithm)
        question.registration.flags = 0x45
        change(&question)
        return question
    }

    @Test func `security keys and passkeys of every algorithm register and log in, again and again`() async throws {
        var questions = ["ES256", "EdDSA", "RS256", "soft"].map { algorithm in
            Self.question(algorithm) { $0.assertions = (1...4).map { Authenticators.Ceremony(signCount: $0) } }
        }
        // A passkey that is synchronized only later, and never counts.
        questions += ["ES256", "EdDSA", "RS256"].map { algorithm in
            Self.question(algorithm) {
                $0.registration.flags = 0x4D
                $0.assertions = [.init(flags: 0x1D), .init(flags: 0x0D), .init(flags: 0x1D)]
            }
        }
        // With extension outputs: {"credProtect": 2}.
        questions.append(
            Self.question {
                $0.registration.flags = 0xC5
                $0.registration.extensions = "a16b6372656450726f7465637402"
                $0.assertions = [.init(flags: 0x85, extensions: "a16b6372656450726f7465637402")]
            }
        )
        let answers = try await Authenticators.answer(questions)
        #expect(answers.count == questions.count)
        for (question, answer) in zip(questions, answers) {
            #expect(answer.registrationTaken && answer.assertionsTaken.allSatisfy { $0 }, "the other library refuses its own")
            var credential = try register(answer.registration, question.algorithm == "soft" ? .discouraged : .required).credential
            #expect(credential.id.count == 32)
            #expect(credential.transports == (question.algorithm == "soft" ? [] : ["usb", "nfc"]))
            #expect(credential.isBackupEligible == (question.registration.flags & 8 != 0))
            #expect(!credential.isBackedUp)
            for (wish, json) in zip(question.assertions, answer.assertions) {
                let assertion = try assert(json, credential, requiresUserHandle: true)
                #expect(assertion.credential.isBackedUp == (wish.flags & 16 != 0))
                #expect(assertion.isUserVerified == (question.algorithm != "soft"))
                #expect(assertion.credential.id == credential.id && assertion.credential.publicKey == credential.publicKey)
                if question.algorithm != "soft" { #expect(assertion.credential.signCount == wish.signCount) }
                credential = assertion.credential
            }
            // The same once more: what counts has not grown.
            if credential.signCount > 0 {
                let count = credential.signCount
                #expect(
                    refusal { () throws(WebAuthn.Refusal) in _ = try assert(answer.assertions.last!, credential) }
                        == .clonedAuthenticator(storedCount: count, receivedCount: count)
                )
            }
        }
    }

    @Test func `each rule of a registration is checked`() async throws {
        typealias Change = (inout Authenticators.Ceremony) -> Void
        let cases: [(WebAuthn.Refusal?, Change)] = [
            (nil, { _ in }),
            (nil, { $0.crossOrigin = false }),
            (nil, { $0.format = "packed" }),
            (nil, { $0.format = "never-heard-of" }),
            (nil, { $0.flags = 0x67 }),
            (.wrongType, { $0.type = "webauthn.get" }),
            (.wrongType, { $0.type = "webauthn.create " }),
            (.wrongChallenge, { $0.challenge[31] = 8 }),
            (.wrongChallenge, { $0.challenge.removeLast() }),
            (.wrongChallenge, { $0.challenge = [] }),
            (.wrongOrigin, { $0.origin = "http://index.example" }),
            (.wrongOrigin, { $0.origin = "https://index.example:444" }),
            (.wrongOrigin, { $0.origin = "https://index.example/" }),
            (.wrongOrigin, { $0.origin = "https://evil.index.example" }),
            (.wrongOrigin, { $0.origin = "https://lndex.example" }),
            (.crossOrigin, { $0.crossOrigin = true }),
            (.crossOrigin, { $0.topOrigin = "https://index.example" }),
            (.wrongRelyingParty, { $0.relyingPartyID = "lndex.example" }),
            (.userNotPresent, { $0.flags = 0x44 }),
            (.userNotVerified, { $0.flags = 0x41 }),
            (.inconsistentBackupFlags, { $0.flags = 0x55 }),
            (.missingCredential, { $0.flags = 0x05 }),
            (.malformedAuthenticatorData("the CBOR is invalid: it breaks off"), { $0.flags = 0xC5 }),
            (.malformedAuthenticatorData("something stands behind them"), { $0.extensions = "a0" }),
            (.malformedAuthenticatorData("the extensions are no map"), { ($0.flags, $0.extensions) = (0xC5, "80") }),
            (.malformedAuthenticatorData("something stands behind them"), { ($0.flags, $0.extensions) = (0xC5, "a000") }),
            (.unexpectedAttestationStatement, { $0.format = "none-with-statement" }),
            (.wrongCredentialID, { $0.attestedID = [1, 2, 3] }),
            (.wrongCredentialID, { $0.attestedID = [] }),
            (.wrongCredentialID, { $0.attestedID = [UInt8](repeating: 1, count: 1024) }),
            (.malformedClientData, { $0.clientData = "{}" }),
            (.malformedClientData, { $0.clientData = "[" }),
            (.malformedPublicKey("it is no point of P-256"), { $0.keyMembers = [[1, 1]] }),
            (.malformedPublicKey("it is no point of P-256"), { $0.keyMembers = [[-1, 2]] }),
            (.malformedPublicKey("it is no point of P-256"), { $0.keyMembers = [[-2] + [Int](repeating: 1, count: 31)] }),
            (.malformedPublicKey("it is not usable with its algorithm"), { $0.keyMembers = [[-2] + [Int](repeating: 1, count: 32)] }),
            (.malformedPublicKey("it is no Ed25519 key"), { $0.keyMembers = [[3, -8]] }),
            (.malformedPublicKey("it is no RSA key of 2048 to 8192 bits"), { $0.keyMembers = [[3, -257]] }),
            (.malformedPublicKey("it has members that its algorithm does not need"), { $0.keyMembers = [[4, 1]] }),
            // ES384, and HMAC.
            (.unsupportedAlgorithm, { $0.keyMembers = [[3, -35]] }),
            (.unsupportedAlgorithm, { $0.keyMembers = [[3, 5]] }),
        ]
        let answers = try await Authenticators.answer(cases.map { made in Self.question { made.1(&$0.registration) } })
        for (index, (answer, expected)) in zip(answers, cases.map(\.0)).enumerated() {
            let found = refusal { () throws(WebAuthn.Refusal) in _ = try register(answer.registration, .required) }
            #expect(found == expected, "case \(index)")
            if found == nil { #expect(answer.registrationTaken || index == 2 || index == 3, "case \(index)") }
        }
        #expect(answers.count == cases.count)
    }

    @Test func `each rule of an assertion is checked`() async throws {
        typealias Change = (inout Authenticators.Ceremony) -> Void
        let cases: [(WebAuthn.Refusal?, Change)] = [
            (nil, { _ in }),
            (nil, { $0.flags = 0x2F }),
            (.wrongType, { $0.type = "webauthn.create" }),
            (.wrongChallenge, { $0.challenge[0] = 8 }),
            (.wrongChallenge, { $0.challenge.append(7) }),
            (.wrongOrigin, { $0.origin = "https://index.example.evil" }),
            (.crossOrigin, { $0.crossOrigin = true }),
            (.crossOrigin, { $0.topOrigin = "https://evil.example" }),
            (.wrongRelyingParty, { $0.relyingPartyID = "example" }),
            (.userNotPresent, { $0.flags = 0x0C }),
            (.userNotVerified, { $0.flags = 0x09 }),
            (.inconsistentBackupFlags, { $0.flags = 0x15 }),
            (.backupEligibilityChanged, { $0.flags = 0x05 }),
            (.malformedAuthenticatorData("the CBOR is invalid: it breaks off"), { $0.flags = 0x8D }),
            (.malformedAuthenticatorData("something stands behind them"), { $0.extensions = "a0" }),
            (.missingUserHandle, { $0.hasUserHandle = false }),
            (.wrongSignature, { $0.isForged = true }),
            (.clonedAuthenticator(storedCount: 5, receivedCount: 5), { $0.signCount = 5 }),
            (.clonedAuthenticator(storedCount: 5, receivedCount: 4), { $0.signCount = 4 }),
            (.clonedAuthenticator(storedCount: 5, receivedCount: 0), { $0.signCount = 0 }),
            // A forged signature never makes a clone of somebody's authenticator.
            (.wrongSignature, { ($0.isForged, $0.signCount) = (true, 0) }),
            (nil, { $0.signCount = .max }),
        ]
        for algorithm in ["ES256", "EdDSA", "RS256"] {
            let question = Self.question(algorithm) { question in
                question.registration.flags = 0x4D
                question.registration.signCount = 5
                question.assertions = cases.map { made in
                    var ceremony = Authenticators.Ceremony(flags: 0x0D, signCount: 6)
                    made.1(&ceremony)
                    return ceremony
                }
            }
            let answer = try #require(try await Authenticators.answer([question]).first)
            let credential = try register(answer.registration).credential
            for (index, (json, expected)) in zip(answer.assertions, cases.map(\.0)).enumerated() {
                let found = refusal { () throws(WebAuthn.Refusal) in
                    _ = try assert(json, credential, requiresUserHandle: true, .required)
                }
                #expect(found == expected, "\(algorithm), case \(index)")
                if found == nil { #expect(answer.assertionsTaken[index], "\(algorithm), case \(index)") }
            }
            #expect(answer.assertions.count == cases.count)
        }
    }

    @Test func `a counter may start once both know it, and may never go away again`() async throws {
        let question = Self.question { $0.assertions = [.init(signCount: 0), .init(signCount: 3), .init(signCount: 0)] }
        let answer = try #require(try await Authenticators.answer([question]).first)
        var credential = try register(answer.registration).credential
        credential = try assert(answer.assertions[0], credential).credential
        credential = try assert(answer.assertions[1], credential).credential
        #expect(credential.signCount == 3)
        #expect(
            refusal { () throws(WebAuthn.Refusal) in _ = try assert(answer.assertions[2], credential) }
                == .clonedAuthenticator(storedCount: 3, receivedCount: 0)
        )
    }

    @Test func `the user handle must be the owner's, and may be absent only where somebody has said who it is`() async throws {
        let question = Self.question { $0.assertions = [.init(), .init(hasUserHandle: false)] }
        var other = question
        other.userHandle[0] ^= 1
        let answers = try await Authenticators.answer([question, other])
        let credential = try register(answers[0].registration).credential
        _ = try assert(answers[0].assertions[1], credential, requiresUserHandle: false)
        let otherCredential = try register(answers[1].registration).credential
        for isRequired in [true, false] {
            #expect(
                refusal { () throws(WebAuthn.Refusal) in
                    _ = try assert(answers[1].assertions[0], otherCredential, requiresUserHandle: isRequired)
                } == .wrongUserHandle
            )
        }
        // The other one's credential, though the handle would be right.
        #expect(refusal { () throws(WebAuthn.Refusal) in _ = try assert(answers[0].assertions[0], otherCredential) } == .unknownCredential)
    }

    @Test func `no byte that is signed, and none of the signature, can be changed, left out or added`() async throws {
        let answers = try await Authenticators.answer(["ES256", "EdDSA", "RS256"].map { Self.question($0) })
        for answer in answers {
            let credential = try register(answer.registration).credential
            let members = try #require(try JSONSerialization.jsonObject(with: Data(answer.assertions[0].utf8)) as? [String: Any])
            let response = try #require(members["response"] as? [String: Any])
            func refusesAssertion(_ name: String, _ bytes: [UInt8]) throws -> Bool {
                var (members, response) = (members, response)
                response[name] = Base64URL.encode(bytes)
                members["response"] = response
                let json = String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
                return refusal { () throws(WebAuthn.Refusal) in _ = try assert(json, credential) } != nil
            }
            for name in ["authenticatorData", "clientDataJSON", "signature"] {
                let text = try #require(response[name] as? String)
                let bytes = try #require(Base64URL.decode(text.utf8))
                for index in bytes.indices {
                    for bit in [UInt8(1), 0x80] {
                        var changed = bytes
                        changed[index] ^= bit
                        #expect(try refusesAssertion(name, changed), "\(name) \(index)")
                    }
                    #expect(try refusesAssertion(name, Array(bytes[..<index])), "\(name) cut at \(index)")
                }
                #expect(try refusesAssertion(name, bytes + [0]), "\(name) with a byte more")
                #expect(try refusesAssertion(name, [0] + bytes), "\(name) with a byte before")
                #expect(try !refusesAssertion(name, bytes))
            }
        }
    }

    @Test func `a signature of another credential, or over another key, is none`() async throws {
        let answers = try await Authenticators.answer(["ES256", "ES256", "EdDSA", "RS256"].map { Self.question($0) })
        let credentials = try answers.map { answer throws(WebAuthn.Refusal) in try register(answer.registration).credential }
        for (index, credential) in credentials.enumerated() {
            for (other, answer) in answers.enumerated() {
                let mixed = WebAuthn.Credential(
                    id: credentials[other].id,
                    publicKey: credential.publicKey,
                    signCount: 0,
                    isBackupEligible: false,
                    isBackedUp: false,
                    transports: []
                )
                let found = refusal { () throws(WebAuthn.Refusal) in _ = try assert(answer.assertions[0], mixed) }
                #expect(found == (other == index ? nil : .wrongSignature))
            }
        }
        let broken = WebAuthn.Credential(
            id: credentials[0].id,
            publicKey: Array(credentials[0].publicKey.dropLast()),
            signCount: 0,
            isBackupEligible: false,
            isBackedUp: false,
            transports: []
        )
        #expect(
            refusal { () throws(WebAuthn.Refusal) in _ = try assert(answers[0].assertions[0], broken) }
                == .malformedPublicKey("what is stored can not be read")
        )
    }
}
