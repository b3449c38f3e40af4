// What must hold for everything that browsers and authenticators send.

#if !FUZZING
@testable import Credentials
#endif

/// The bytes are taken for CBOR, authenticator data, an attestation object, client data and both answers in turn: none of these looks like another.
@Sendable func brokenWebAuthn(_ bytes: [UInt8]) -> String? {
    brokenCBOR(bytes) ?? brokenAuthenticatorData(bytes) ?? brokenAttestationObject(bytes) ?? brokenClientData(bytes) ?? brokenResponses(bytes)
}

/// Canonical CBOR has one spelling, within its limits, and what is canonical is also taken where order does not matter.
private func brokenCBOR(_ bytes: [UInt8]) -> String? {
    var decoder = CBORDecoder(bytes, requiresKeyOrder: true)
    guard let value = try? decoder.value() else { return nil }
    let read = Array(bytes.dropLast(decoder.rest.count))
    guard encoded(value) == read else { return "canonical CBOR has two spellings" }
    guard (try? CBORDecoder.value(of: read, requiresKeyOrder: false)) == value else { return "canonical CBOR is refused where order does not matter" }
    guard depth(of: value) <= CBORDecoder.deepest else { return "CBOR is deeper than allowed" }
    guard (try? CBORDecoder.value(of: read + [0], requiresKeyOrder: true)) == nil else { return "CBOR is taken with something behind it" }
    return nil
}

private func brokenAuthenticatorData(_ bytes: [UInt8]) -> String? {
    guard let data = try? AuthenticatorData(bytes) else { return nil }
    guard data.relyingPartyHash.count == 32, Array(bytes[..<32]) == data.relyingPartyHash else { return "the relying party is another" }
    guard data.flags.contains(.attestedCredential) == (data.credential != nil) else { return "a flag lies about the credential" }
    guard (try? AuthenticatorData(bytes + [0])) == nil else { return "authenticator data are taken with something behind them" }
    guard let credential = data.credential else { return nil }
    guard (1...1023).contains(credential.id.count), credential.aaguid.count == 16 else { return "a credential has a wrong length" }
    guard let value = try? CBORDecoder.value(of: credential.encodedKey, requiresKeyOrder: true), (try? COSEKey(value)) == credential.key else {
        return "a stored key can not be read again"
    }
    return nil
}

private func brokenAttestationObject(_ bytes: [UInt8]) -> String? {
    guard let object = try? AttestationObject(bytes) else { return nil }
    guard (try? AttestationObject(bytes + [0])) == nil else { return "an attestation object is taken with something behind it" }
    guard object.authenticatorData.relyingPartyHash.count == 32 else { return "an attestation object has no relying party" }
    return nil
}

private func brokenClientData(_ bytes: [UInt8]) -> String? {
    guard let data = try? ClientData(bytes) else { return nil }
    let origins: Set<String> = ["https://index.example"]
    guard (try? data.check(.registration, challenge: [1, 2, 3], origins: origins)) != nil else { return nil }
    let isRight = data.type == "webauthn.create" && data.challenge == [1, 2, 3] && data.origin == "https://index.example"
    guard isRight, !data.isCrossOrigin, data.topOrigin == nil else { return "wrong client data are taken" }
    return nil
}

private func brokenResponses(_ bytes: [UInt8]) -> String? {
    if let response = try? WebAuthn.RegistrationResponse(json: bytes) {
        guard (1...1023).contains(response.id.count), response.transports.count <= 16 else { return "a registration is beyond its limits" }
        return brokenAttestationObject(response.attestationObject) ?? brokenClientData(response.clientData)
    }
    if let response = try? WebAuthn.AuthenticationResponse(json: bytes) {
        guard (1...1023).contains(response.id.count), response.userHandle?.isEmpty != true else { return "an assertion is beyond its limits" }
        return brokenAuthenticatorData(response.authenticatorData) ?? brokenClientData(response.clientData)
    }
    return nil
}

private func depth(of value: CBOR) -> Int {
    switch value {
    case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
    case .map(let members): 1 + (members.values.map(depth).max() ?? 0)
    default: 1
    }
}

/// CTAP2's canonical form, written independently of the decoder.
private func encoded(_ value: CBOR) -> [UInt8] {
    switch value {
    case .unsigned(let number): return head(0, number)
    case .negative(let number): return head(1, number)
    case .bytes(let bytes): return head(2, UInt64(bytes.count)) + bytes
    case .text(let text): return head(3, UInt64(text.utf8.count)) + Array(text.utf8)
    case .array(let elements): return head(4, UInt64(elements.count)) + elements.flatMap(encoded)
    case .map(let members):
        let sorted = members.map { (encoded($0.key), encoded($0.value)) }.sorted { one, other in
            (one.0[0] >> 5, one.0.count) == (other.0[0] >> 5, other.0.count)
                ? one.0.lexicographicallyPrecedes(other.0) : (one.0[0] >> 5, one.0.count) < (other.0[0] >> 5, other.0.count)
        }
        return head(5, UInt64(members.count)) + sorted.flatMap { $0.0 + $0.1 }
    case .boolean(let value): return [value ? 0xF5 : 0xF4]
    case .null: return [0xF6]
    }
}

private func head(_ kind: UInt8, _ number: UInt64) -> [UInt8] {
    let width: (UInt8, Int) =
        number < 24 ? (UInt8(number), 0) : number < 1 << 8 ? (24, 1) : number < 1 << 16 ? (25, 2) : number < 1 << 32 ? (26, 4) : (27, 8)
    return [kind << 5 | width.0] + (0..<width.1).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
}
