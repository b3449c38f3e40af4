// Seals secrets that must be stored and read again.
import Crypto

/// Authenticated encryption (ChaCha20-Poly1305, RFC 8439) under a key derived from the site's secret key by HKDF-SHA256 (RFC 5869).
///
/// Each purpose has a key of its own: what was sealed for one cannot be opened for another.
public struct SecretBox: Sendable {
    private static let formatVersion: UInt8 = 1
    private let key: SymmetricKey

    /// - Parameters:
    ///   - secretKey: the site's secret key, at least 16 bytes.
    ///   - purpose: what is sealed, for example `"token root keys"`. Never change it: stored secrets would be lost.
    public init(secretKey: [UInt8], purpose: String) {
        precondition(secretKey.count >= 16, "the secret key has fewer than 16 bytes")
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secretKey),
            info: Array("emporium secret box 1: \(purpose)".utf8),
            outputByteCount: 32
        )
    }

    /// Seals a secret under a fresh random nonce; 29 bytes longer than the secret.
    /// - Parameter owner: public bytes it belongs to (such as its row's id); opening needs the same. A sealed secret moved to another row is useless.
    public func seal(_ secret: [UInt8], owner: [UInt8] = []) -> [UInt8] {
        do {
            return [Self.formatVersion] + Array(try ChaChaPoly.seal(secret, using: key, authenticating: owner).combined)
        } catch {
            preconditionFailure("ChaCha20-Poly1305 refused to seal: \(error)")
        }
    }

    /// - Throws: `InvalidSealedSecret` when it was sealed under another key, purpose or owner, or has been changed.
    public func open(_ sealed: [UInt8], owner: [UInt8] = []) throws(InvalidSealedSecret) -> [UInt8] {
        guard sealed.first == Self.formatVersion, let box = try? ChaChaPoly.SealedBox(combined: sealed.dropFirst()),
            let secret = try? ChaChaPoly.open(box, using: key, authenticating: owner)
        else { throw InvalidSealedSecret() }
        return Array(secret)
    }
}

/// A sealed secret could not be opened.
public struct InvalidSealedSecret: Error, Sendable, CustomStringConvertible {
    public let description = "the sealed secret cannot be opened: it was sealed with another secret key, or is damaged"
}
