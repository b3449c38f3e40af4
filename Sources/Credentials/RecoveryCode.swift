// Codes for somebody who has lost the second factor.
import Crypto

/// A single-use code that stands in for a second factor: 64 random bits as 16 lowercase hexadecimal digits (platform §1.9).
///
/// The code shows in no description, only in ``text``.
public struct RecoveryCode: Sendable, Hashable {
    /// How many codes a user is given at once.
    public static let count = 8
    /// How many digits a code has.
    public static let length = 16

    /// The 16 digits.
    public let text: String

    /// A code as somebody typed it: white space is ignored, case is folded. Nil for anything that no code looks like.
    public init?(_ typed: String) {
        var digits: [UInt8] = []
        for scalar in typed.unicodeScalars where !scalar.properties.isWhitespace {
            guard digits.count < Self.length, scalar.isASCII, let value = Character(scalar).hexDigitValue else { return nil }
            digits.append(Self.digit(UInt64(value)))
        }
        guard digits.count == Self.length else { return nil }
        text = String(decoding: digits, as: UTF8.self)
    }

    private init(bits: UInt64) {
        text = String(decoding: (0..<Self.length).map { Self.digit(bits >> (60 - 4 * UInt64($0)) & 15) }, as: UTF8.self)
    }

    /// New codes, all different.
    public static func make(using generator: inout some RandomNumberGenerator) -> [RecoveryCode] {
        var codes: [RecoveryCode] = []
        while codes.count < count {
            let code = RecoveryCode(bits: generator.next())
            if !codes.contains(code) { codes.append(code) }
        }
        return codes
    }

    /// New codes from the system's random source.
    public static func make() -> [RecoveryCode] {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }

    private static func digit(_ value: UInt64) -> UInt8 { value < 10 ? 0x30 + UInt8(value) : 0x57 + UInt8(value) }
}

extension RecoveryCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "recovery code" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The stored form of recovery codes: HMAC-SHA-256 of owner and code, under a key derived from the site's secret key by HKDF-SHA256 (RFC 5869).
///
/// Slow hashes such as Argon2 are for secrets that people make up, which are few enough to be guessed. A recovery code is 64 random bits that no list
/// contains, so what protects a stolen table is that guesses cannot be checked at all without the secret key, which is not in the database; whoever has that
/// key, too, can open the sealed secrets and sign links, and needs no recovery code. The owner in the hash keeps one guess from being tried on all users at
/// once. And as the hash depends on nothing but key, owner and code, the row is found by one look-up, where the reference walks eight Argon2 hashes at
/// tens of milliseconds each, which anybody at the login form could make it do.
public struct RecoveryCodeHasher: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameter secretKeys: the site's secret keys, each at least 16 bytes: new hashes are made with the first, the others are former ones that still
    ///   recognise codes given out under them.
    public init(secretKeys: [[UInt8]]) {
        precondition(!secretKeys.isEmpty && secretKeys.allSatisfy { $0.count >= 16 }, "a secret key is missing, or has fewer than 16 bytes")
        keys = secretKeys.map {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: $0),
                info: Array("emporium recovery codes 1".utf8),
                outputByteCount: 32
            )
        }
    }

    /// What to store for a code: 64 lowercase hexadecimal digits.
    /// - Parameter owner: whose code it is (the user's id).
    public func hash(_ code: RecoveryCode, owner: [UInt8]) -> String { hash(code, owner: owner, key: keys[0]) }

    /// The hashes that a stored code may have, one for each secret key, to look its row up by. That the database compares them byte by byte tells
    /// nothing: nobody without the key can choose what is compared.
    /// - Parameter owner: whose code it is (the user's id).
    public func candidates(_ code: RecoveryCode, owner: [UInt8]) -> [String] { keys.map { hash(code, owner: owner, key: $0) } }

    private func hash(_ code: RecoveryCode, owner: [UInt8], key: SymmetricKey) -> String {
        // The code has a fixed length and comes last: no two pairs make one message.
        let digest = HMAC<SHA256>.authenticationCode(for: owner + Array(code.text.utf8), using: key)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension RecoveryCodeHasher: CustomStringConvertible, CustomReflectable {
    public var description: String { "recovery code hasher" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
