// Why an answer of a browser was not taken.

extension WebAuthn {
    /// The rule of W3C WebAuthn §7.1 or §7.2 that an answer broke. For logs and events; people need no more than "it did not work".
    public enum Refusal: Error, Sendable, Hashable {
        /// The answer is not the JSON of a registration or assertion; says which part.
        case malformedResponse(String)
        /// The client data are not JSON with type, challenge and origin.
        case malformedClientData
        /// The attestation object is malformed; says why.
        case malformedAttestationObject(String)
        /// The authenticator data are malformed; says why.
        case malformedAuthenticatorData(String)
        /// The public key is malformed or too weak; says why.
        case malformedPublicKey(String)
        /// The client data are of the other ceremony.
        case wrongType
        /// Another challenge was answered.
        case wrongChallenge
        /// The answer comes from a page of another origin.
        case wrongOrigin
        /// The page was embedded in one of another origin.
        case crossOrigin
        /// The authenticator answered for another relying party.
        case wrongRelyingParty
        /// Nobody touched the authenticator.
        case userNotPresent
        /// The authenticator did not verify the person although it had to.
        case userNotVerified
        /// Backed up without being eligible for it.
        case inconsistentBackupFlags
        /// A registration without a credential.
        case missingCredential
        /// The credential's id is empty, longer than 1023 bytes, or not the one that the browser names.
        case wrongCredentialID
        /// The key's algorithm was not offered.
        case unsupportedAlgorithm
        /// An attestation statement where `none` was said.
        case unexpectedAttestationStatement
        /// The assertion is of another credential than the one it is compared with.
        case unknownCredential
        /// The authenticator did not say whose credential it is, although nobody else did.
        case missingUserHandle
        /// The credential belongs to another user.
        case wrongUserHandle
        /// Eligibility for backup is not what it was at registration.
        case backupEligibilityChanged
        /// The signature is not of this credential over these data.
        case wrongSignature
        /// The signature is right, but the counter did not grow: a copy of the authenticator seems to be about (§7.2 step 22).
        case clonedAuthenticator(storedCount: UInt32, receivedCount: UInt32)
    }
}

extension WebAuthn.Refusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedResponse(let part): "the browser's answer is malformed: \(part)"
        case .malformedClientData: "the client data are malformed"
        case .malformedAttestationObject(let reason): "the attestation object is malformed: \(reason)"
        case .malformedAuthenticatorData(let reason): "the authenticator data are malformed: \(reason)"
        case .malformedPublicKey(let reason): "the public key is malformed: \(reason)"
        case .wrongType: "the client data are of another ceremony"
        case .wrongChallenge: "another challenge was answered"
        case .wrongOrigin: "the answer comes from another origin"
        case .crossOrigin: "the page was embedded in one of another origin"
        case .wrongRelyingParty: "the authenticator answered for another relying party"
        case .userNotPresent: "the user was not present"
        case .userNotVerified: "the user was not verified"
        case .inconsistentBackupFlags: "the credential is backed up without being eligible for it"
        case .missingCredential: "the registration has no credential"
        case .wrongCredentialID: "the credential's id has a wrong length, or is not the one that the browser names"
        case .unsupportedAlgorithm: "the key's algorithm was not offered"
        case .unexpectedAttestationStatement: "there is an attestation statement although none was said"
        case .unknownCredential: "the assertion is of another credential"
        case .missingUserHandle: "the authenticator did not say whose credential it is"
        case .wrongUserHandle: "the credential belongs to another user"
        case .backupEligibilityChanged: "the credential's eligibility for backup has changed"
        case .wrongSignature: "the signature is wrong"
        case .clonedAuthenticator(let stored, let received): "the signature counter did not grow (stored \(stored), received \(received))"
        }
    }
}
