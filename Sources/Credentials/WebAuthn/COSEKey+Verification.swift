// Signatures of authenticators.
import Crypto
import CryptoExtras

extension COSEKey {
    /// Whether the key can be used at all: a point must lie on its curve.
    var isUsable: Bool {
        switch self {
        case .es256(let x, let y): (try? P256.Signing.PublicKey(x963Representation: [4] + x + y)) != nil
        case .ed25519(let key): (try? Curve25519.Signing.PublicKey(rawRepresentation: key)) != nil
        case .rs256(let modulus, let exponent): (try? _RSA.Signing.PublicKey(n: modulus, e: exponent)) != nil
        }
    }

    /// Whether a signature is of this key over these bytes, in the form of §6.5.5: ECDSA in DER, the others as they are.
    func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        switch self {
        case .es256(let x, let y):
            guard let key = try? P256.Signing.PublicKey(x963Representation: [4] + x + y),
                let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: message)
        case .ed25519(let key):
            guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
            return key.isValidSignature(signature, for: message)
        case .rs256(let modulus, let exponent):
            guard signature.count == modulus.count, let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { return false }
            // PKCS#1 v1.5 is what RS256 is; for signatures it has no known weakness.
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature),
                for: SHA256.hash(data: message),
                padding: .insecurePKCS1v1_5
            )
        }
    }
}
