// Public keys as authenticators encode them (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4).

/// A public key of one of the algorithms that are taken.
enum COSEKey: Hashable, Sendable {
    case es256(x: [UInt8], y: [UInt8])
    case ed25519([UInt8])
    case rs256(modulus: [UInt8], exponent: [UInt8])

    private static let keyType = CBOR.integer(1)
    private static let algorithmLabel = CBOR.integer(3)

    /// - Throws: `Refusal.malformedPublicKey`, or `.unsupportedAlgorithm` for a key that is none of these.
    init(_ value: CBOR) throws(WebAuthn.Refusal) {
        guard case .map(let members) = value, let algorithm = members[Self.algorithmLabel] else { throw .malformedPublicKey("it names no algorithm") }
        // §5.8.5: nothing but what the algorithm needs may be in it.
        let expected: Int
        switch algorithm {
        case CBOR.integer(-7):
            // EC2 on P-256; the compressed form, whose y is a boolean, is not allowed (§5.8.5).
            guard members[Self.keyType] == .integer(2), members[.integer(-1)] == .integer(1), case .bytes(let x)? = members[.integer(-2)],
                case .bytes(let y)? = members[.integer(-3)], x.count == 32, y.count == 32
            else { throw .malformedPublicKey("it is no point of P-256") }
            self = .es256(x: x, y: y)
            expected = 5
        case CBOR.integer(-8):
            guard members[Self.keyType] == .integer(1), members[.integer(-1)] == .integer(6), case .bytes(let x)? = members[.integer(-2)],
                x.count == 32
            else { throw .malformedPublicKey("it is no Ed25519 key") }
            self = .ed25519(x)
            expected = 4
        case CBOR.integer(-257):
            guard members[Self.keyType] == .integer(3), case .bytes(let modulus)? = members[.integer(-1)],
                case .bytes(let exponent)? = members[.integer(-2)], let bits = Self.bitLength(modulus), bits >= 2048, bits <= 8192,
                let exponentBits = Self.bitLength(exponent), exponentBits >= 2, exponentBits <= 33, exponent.last! & 1 == 1
            else { throw .malformedPublicKey("it is no RSA key of 2048 to 8192 bits") }
            self = .rs256(modulus: modulus, exponent: exponent)
            expected = 4
        default: throw .unsupportedAlgorithm
        }
        guard members.count == expected else { throw .malformedPublicKey("it has members that its algorithm does not need") }
    }

    var algorithm: WebAuthn.Algorithm {
        switch self {
        case .es256: .es256
        case .ed25519: .edDSA
        case .rs256: .rs256
        }
    }

    /// Nil for an empty number or one with leading zero bytes, which RFC 8230 §4 does not allow.
    private static func bitLength(_ number: [UInt8]) -> Int? {
        guard let first = number.first, first != 0 else { return nil }
        return number.count * 8 - first.leadingZeroBitCount
    }
}
