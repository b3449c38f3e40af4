// The two ceremonies.
import Crypto

extension WebAuthn {
    /// A registration that was verified.
    public struct Registration: Sendable, Hashable {
        /// To be stored with the user, unless its id is stored already for anybody.
        public let credential: Credential
        /// Whether the authenticator verified the person.
        public let isUserVerified: Bool
        /// The authenticator's model as it says itself, 16 bytes; zeros when it does not. Not attested: for display only.
        public let aaguid: [UInt8]
    }

    /// An assertion that was verified.
    public struct Assertion: Sendable, Hashable {
        /// The credential as it is to be stored from now on: with the new counter and backup state.
        public let credential: Credential
        /// Whether the authenticator verified the person: then it is a second factor in itself.
        public let isUserVerified: Bool
    }

    /// Verifies a registration (W3C WebAuthn §7.1).
    /// - Parameters:
    ///   - challenge: the one the browser was given, once only.
    ///   - userVerification: what the browser was asked for; `required` is enforced.
    /// - Throws: ``Refusal``, the first rule that is broken.
    public func verify(
        _ response: RegistrationResponse,
        challenge: [UInt8],
        userVerification: UserVerification
    ) throws(Refusal) -> Registration {
        // Steps 5 to 11.
        try ClientData(response.clientData).check(.registration, challenge: challenge, origins: origins)
        // Step 13 and the syntax of what follows.
        let data = try AttestationObject(response.attestationObject).authenticatorData
        // Steps 14 to 19.
        try check(data, userVerification: userVerification)
        // Steps 20 and 25: an algorithm that was not offered was refused when the key was read.
        guard let attested = data.credential else { throw .missingCredential }
        guard attested.id == response.id else { throw .wrongCredentialID }
        guard attested.key.isUsable else { throw .malformedPublicKey("it is not usable with its algorithm") }
        // Steps 12 and 21 to 24 are about extensions and attestation, which are not asked for; 26 and 27 are the caller's.
        let credential = Credential(
            id: attested.id,
            publicKey: attested.encodedKey,
            signCount: data.signCount,
            isBackupEligible: data.flags.contains(.backupEligible),
            isBackedUp: data.flags.contains(.backedUp),
            transports: response.transports
        )
        return Registration(credential: credential, isUserVerified: data.flags.contains(.userVerified), aaguid: attested.aaguid)
    }

    /// Verifies an assertion (W3C WebAuthn §7.2).
    /// - Parameters:
    ///   - challenge: the one the browser was given, once only.
    ///   - credential: the stored one that ``AuthenticationResponse/id`` names.
    ///   - userHandle: the handle of the user that the credential is stored for.
    ///   - requiresUserHandle: whether the authenticator must say whose credential it is: true where nobody had said before who logs in (passkeys).
    ///   - userVerification: what the browser was asked for; `required` is enforced.
    /// - Throws: ``Refusal``, the first rule that is broken. ``Refusal/clonedAuthenticator(storedCount:receivedCount:)`` comes last, of a right signature only.
    public func verify(
        _ response: AuthenticationResponse,
        challenge: [UInt8],
        credential: Credential,
        userHandle: [UInt8],
        requiresUserHandle: Bool,
        userVerification: UserVerification
    ) throws(Refusal) -> Assertion {
        // Steps 5 to 7.
        guard response.id == credential.id else { throw .unknownCredential }
        if let said = response.userHandle {
            guard areEqualInConstantTime(said, userHandle) else { throw .wrongUserHandle }
        } else if requiresUserHandle {
            throw .missingUserHandle
        }
        // Steps 8 to 14.
        try ClientData(response.clientData).check(.assertion, challenge: challenge, origins: origins)
        // Steps 15 to 19.
        let data = try AuthenticatorData(response.authenticatorData)
        try check(data, userVerification: userVerification)
        guard data.flags.contains(.backupEligible) == credential.isBackupEligible else { throw .backupEligibilityChanged }
        // Steps 20 and 21.
        let key = try Self.storedKey(credential)
        guard key.isValidSignature(response.signature, for: response.authenticatorData + Array(SHA256.hash(data: response.clientData))) else {
            throw .wrongSignature
        }
        // Step 22: authenticators without a counter say zero for ever.
        guard data.signCount == 0 && credential.signCount == 0 || data.signCount > credential.signCount else {
            throw .clonedAuthenticator(storedCount: credential.signCount, receivedCount: data.signCount)
        }
        // Steps 24 and 25.
        let updated = Credential(
            id: credential.id,
            publicKey: credential.publicKey,
            signCount: data.signCount,
            isBackupEligible: credential.isBackupEligible,
            isBackedUp: data.flags.contains(.backedUp),
            transports: credential.transports
        )
        return Assertion(credential: updated, isUserVerified: data.flags.contains(.userVerified))
    }

    /// What both ceremonies ask of the authenticator data.
    private func check(_ data: AuthenticatorData, userVerification: UserVerification) throws(Refusal) {
        guard data.relyingPartyHash == Array(SHA256.hash(data: Array(id.utf8))) else { throw .wrongRelyingParty }
        guard data.flags.contains(.userPresent) else { throw .userNotPresent }
        guard userVerification != .required || data.flags.contains(.userVerified) else { throw .userNotVerified }
        guard data.flags.contains(.backupEligible) || !data.flags.contains(.backedUp) else { throw .inconsistentBackupFlags }
    }

    private static func storedKey(_ credential: Credential) throws(Refusal) -> COSEKey {
        guard let value = try? CBORDecoder.value(of: credential.publicKey, requiresKeyOrder: true) else {
            throw .malformedPublicKey("what is stored can not be read")
        }
        return try COSEKey(value)
    }
}
