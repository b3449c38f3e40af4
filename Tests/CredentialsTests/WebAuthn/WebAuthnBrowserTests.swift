import Foundation
import Testing

@testable import Credentials

/// What a real browser answered to our options, with its own virtual authenticators: a security key and a synchronized passkey. Recorded by
/// `navigator.credentials.create()` and `.get()` on `localhost`, from `parseCreationOptionsFromJSON` to `toJSON`.
@Suite struct WebAuthnBrowserTests {
    private struct Recording: Decodable {
        let authenticator: String
        let origin: String
        let registrationChallenge: String
        let challenge: String
        let registration: String
        let assertions: [String]
    }

    @Test func `a security key and a passkey of Chromium register and log in`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "chromium.json")
        let recordings = try JSONDecoder().decode([Recording].self, from: Data(contentsOf: file))
        #expect(recordings.map(\.authenticator) == ["key", "passkey"])
        for recording in recordings {
            let isPasskey = recording.authenticator == "passkey"
            let site = WebAuthn(id: "localhost", name: "Index", origins: [recording.origin])
            let registrationChallenge = try #require(Base64URL.decode(recording.registrationChallenge.utf8))
            let challenge = try #require(Base64URL.decode(recording.challenge.utf8))
            let registration = try site.verify(
                WebAuthn.RegistrationResponse(json: Array(recording.registration.utf8)),
                challenge: registrationChallenge,
                userVerification: .required
            )
            var credential = registration.credential
            #expect(credential.transports == (isPasskey ? ["internal"] : ["usb"]))
            #expect(credential.isBackupEligible == isPasskey && credential.isBackedUp == isPasskey)
            #expect(credential.signCount == 1)
            for text in recording.assertions {
                let assertion = try site.verify(
                    WebAuthn.AuthenticationResponse(json: Array(text.utf8)),
                    challenge: challenge,
                    credential: credential,
                    userHandle: Array("4b1f".utf8),
                    requiresUserHandle: isPasskey,
                    userVerification: isPasskey ? .required : .discouraged
                )
                #expect(assertion.isUserVerified == isPasskey)
                #expect(assertion.credential.signCount == credential.signCount + 1)
                credential = assertion.credential
            }
        }
    }
}
