// What an authenticator sends at registration.

/// The attestation object (W3C WebAuthn §6.5.4), without its statement, which is not trusted.
struct AttestationObject: Sendable, Hashable {
    /// The longest that is read, in bytes: statements bring certificates along.
    static let longest = 65_536

    /// The attestation statement's format: `none`, `packed` and so on. Nothing is concluded from it.
    let format: String
    let authenticatorData: AuthenticatorData

    /// - Throws: `Refusal.malformedAttestationObject`, `.unexpectedAttestationStatement`, and what ``AuthenticatorData`` throws.
    init(_ bytes: [UInt8]) throws(WebAuthn.Refusal) {
        guard bytes.count <= Self.longest else { throw .malformedAttestationObject("it is too long") }
        let value: CBOR
        do {
            value = try CBORDecoder.value(of: bytes, requiresKeyOrder: false)
        } catch {
            throw .malformedAttestationObject(error.description)
        }
        guard case .map(let members) = value, case .text(let format)? = members[.text("fmt")],
            case .map(let statement)? = members[.text("attStmt")], case .bytes(let data)? = members[.text("authData")]
        else { throw .malformedAttestationObject("it has no format, statement or authenticator data") }
        // `none` was asked for. Some authenticators send a statement all the same; without a list of trusted makers it would prove nothing, so it is passed
        // over. Only a statement that contradicts itself is refused (§8.7).
        guard format != "none" || statement.isEmpty else { throw .unexpectedAttestationStatement }
        self.format = format
        authenticatorData = try AuthenticatorData(data)
    }
}
