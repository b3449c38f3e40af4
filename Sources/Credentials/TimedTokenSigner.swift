// Makes and checks timed tokens.
import Crypto

/// Signs timed tokens with HMAC-SHA-256 under a key for each purpose, derived from the site's secret key by HKDF-SHA256 (RFC 5869).
///
/// A token is URL-safe base64 without padding of: the format's version (1), the time in microseconds since 1970 (8 bytes, big-endian), each name and value in
/// the order of the names' bytes (each with its length before it, 2 bytes, big-endian), and the 32 bytes of the signature over all that. One statement
/// has one spelling. It is signed and not sealed: everybody who has a token can read it.
public struct TimedTokenSigner: Sendable {
    private static let formatVersion: UInt8 = 1
    private static let signatureLength = 32
    /// The most bytes that names and values may take together, their lengths included.
    public static let largestContent = 4096
    /// How far another process's clock may be ahead of ours, in seconds, before a token is from the future and so invalid.
    public static let toleratedLeadSeconds: Int64 = 60

    private let secretKeys: [SymmetricKey]

    /// - Parameter secretKeys: the site's secret keys, each at least 16 bytes. The first signs; all verify, so that a key can be replaced while links made
    ///   with the former one are under way.
    public init(secretKeys: [[UInt8]]) {
        precondition(!secretKeys.isEmpty && secretKeys.allSatisfy { $0.count >= 16 }, "a secret key is missing, or has fewer than 16 bytes")
        self.secretKeys = secretKeys.map { SymmetricKey(data: $0) }
    }

    /// A token that says `values`.
    /// - Parameters:
    ///   - values: what it says, at most ``largestContent`` bytes of UTF-8 in all.
    ///   - microseconds: the time now, in microseconds since 1970.
    /// - Precondition: the values fit; they are our own.
    public func sign(_ values: [String: String], for purpose: TimedToken.Purpose, at microseconds: Int64) -> String {
        var message = [Self.formatVersion] + Self.bytes(UInt64(bitPattern: microseconds), count: 8)
        let head = message.count
        let pairs = values.map { (name: Array($0.key.utf8), value: Array($0.value.utf8)) }
        for pair in pairs.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            for text in [pair.name, pair.value] {
                precondition(text.count <= Self.largestContent, "a timed token says too much")
                message += Self.bytes(UInt64(text.count), count: 2) + text
            }
        }
        precondition(message.count - head <= Self.largestContent, "a timed token says too much")
        let signature = HMAC<SHA256>.authenticationCode(for: message, using: Self.key(of: purpose, from: secretKeys[0]))
        return Base64URL.encode(message + Array(signature))
    }

    /// What a token says, when it was signed for this purpose and is not too old: at exactly its lifetime it still is taken.
    /// - Parameters:
    ///   - token: as it came in; nil or empty when there was none.
    ///   - microseconds: the time now, in microseconds since 1970.
    /// - Throws: ``TimedTokenRefusal``.
    public func verify(
        _ token: String?,
        for purpose: TimedToken.Purpose,
        at microseconds: Int64
    ) throws(TimedTokenRefusal) -> TimedToken {
        let read = try verifySignature(of: token, for: purpose)
        let age = microseconds.subtractingReportingOverflow(read.issuedAt)
        guard !age.overflow, age.partialValue >= -Self.toleratedLeadSeconds * 1_000_000 else { throw .invalid }
        guard age.partialValue <= purpose.lifetimeSeconds * 1_000_000 else { throw .expired }
        return read
    }

    /// What a token says whose signature is right, however old it is. Only to tell what an expired link was about, as when an invitation is sent again:
    /// it proves nothing about today.
    /// - Throws: ``TimedTokenRefusal/missing`` or ``TimedTokenRefusal/invalid``.
    public func verifySignature(of token: String?, for purpose: TimedToken.Purpose) throws(TimedTokenRefusal) -> TimedToken {
        guard let token, !token.isEmpty else { throw .missing }
        let longest = (9 + Self.largestContent + Self.signatureLength) * 4 / 3 + 4
        guard token.utf8.count <= longest, let bytes = Base64URL.decode(token.utf8), bytes.count >= 9 + Self.signatureLength else { throw .invalid }
        let message = bytes.dropLast(Self.signatureLength)
        let signature = bytes.suffix(Self.signatureLength)
        // Compares in constant time.
        let isSigned = secretKeys.contains {
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: message, using: Self.key(of: purpose, from: $0))
        }
        // From here on the bytes are our own; they are read with the same care all the same.
        guard isSigned, message.first == Self.formatVersion else { throw .invalid }
        let issuedAt = Int64(bitPattern: Self.number(message.dropFirst().prefix(8)))
        var rest = message.dropFirst(9)
        var values: [String: String] = [:]
        while !rest.isEmpty {
            guard let name = Self.text(&rest), let value = Self.text(&rest), values.updateValue(value, forKey: name) == nil else { throw .invalid }
        }
        return TimedToken(issuedAt: issuedAt, values: values)
    }

    private static func key(of purpose: TimedToken.Purpose, from secretKey: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: secretKey, info: Array("emporium timed token 1: \(purpose.name)".utf8), outputByteCount: 32)
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.count >= 2 else { return nil }
        let count = Int(number(rest.prefix(2)))
        rest = rest.dropFirst(2)
        guard rest.count >= count, let text = String(validating: rest.prefix(count), as: UTF8.self) else { return nil }
        rest = rest.dropFirst(count)
        return text
    }

    private static func bytes(_ number: UInt64, count: UInt64) -> [UInt8] {
        (1...count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - $0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension TimedTokenSigner: CustomStringConvertible, CustomReflectable {
    public var description: String { "timed token signer" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
