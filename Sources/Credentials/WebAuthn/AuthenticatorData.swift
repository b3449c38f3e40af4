// What an authenticator says and signs.

/// Authenticator data (W3C WebAuthn §6.1).
struct AuthenticatorData: Sendable, Hashable {
    /// The bits of the one byte of flags. Two are reserved and mean nothing.
    struct Flags: OptionSet, Sendable, Hashable {
        let rawValue: UInt8
        static let userPresent = Flags(rawValue: 1 << 0)
        static let userVerified = Flags(rawValue: 1 << 2)
        static let backupEligible = Flags(rawValue: 1 << 3)
        static let backedUp = Flags(rawValue: 1 << 4)
        static let attestedCredential = Flags(rawValue: 1 << 6)
        static let extensions = Flags(rawValue: 1 << 7)
    }

    /// A new credential (§6.5.1).
    struct AttestedCredential: Sendable, Hashable {
        let aaguid: [UInt8]
        let id: [UInt8]
        /// The key as it was encoded.
        let encodedKey: [UInt8]
        let key: COSEKey
    }

    /// The longest credential id in bytes (§7.1 step 25).
    static let longestCredentialID = 1023

    let relyingPartyHash: [UInt8]
    let flags: Flags
    let signCount: UInt32
    /// There when the flags say so.
    let credential: AttestedCredential?

    /// - Throws: `Refusal.malformedAuthenticatorData` for too little, too much or a broken part; `.wrongCredentialID`; what ``COSEKey`` throws.
    init(_ bytes: [UInt8]) throws(WebAuthn.Refusal) {
        guard bytes.count >= 37 else { throw .malformedAuthenticatorData("they break off") }
        relyingPartyHash = Array(bytes[..<32])
        flags = Flags(rawValue: bytes[32])
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = bytes[37...]
        credential = flags.contains(.attestedCredential) ? try Self.credential(&rest) : nil
        if flags.contains(.extensions) {
            // No extension is asked for whose output would matter; they are read so that nothing else hides there.
            guard case .map = try Self.value(&rest) else { throw .malformedAuthenticatorData("the extensions are no map") }
        }
        guard rest.isEmpty else { throw .malformedAuthenticatorData("something stands behind them") }
    }

    private static func credential(_ rest: inout ArraySlice<UInt8>) throws(WebAuthn.Refusal) -> AttestedCredential {
        guard rest.count >= 18 else { throw .malformedAuthenticatorData("the credential breaks off") }
        let aaguid = Array(rest.prefix(16))
        let length = rest.dropFirst(16).prefix(2).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(18)
        guard (1...longestCredentialID).contains(length) else { throw .wrongCredentialID }
        guard rest.count >= length else { throw .malformedAuthenticatorData("the credential breaks off") }
        let id = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        let before = rest
        let key = try COSEKey(try value(&rest))
        return AttestedCredential(aaguid: aaguid, id: id, encodedKey: Array(before.prefix(before.count - rest.count)), key: key)
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) throws(WebAuthn.Refusal) -> CBOR {
        var decoder = CBORDecoder(rest, requiresKeyOrder: true)
        do {
            let value = try decoder.value()
            rest = decoder.rest
            return value
        } catch {
            throw .malformedAuthenticatorData(error.description)
        }
    }
}
