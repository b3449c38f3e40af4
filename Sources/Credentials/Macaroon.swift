// Macaroons: bearer tokens that their holder can restrict further, offline.
import Crypto

/// A macaroon (Birgisson et al., 2014) as index API tokens use it (index §7.1).
///
/// Everything but `location` is covered by the signature.
public struct Macaroon: Sendable, Hashable {
    /// One restriction, as it stands in the packet.
    public struct PacketCaveat: Sendable, Hashable {
        /// The restriction itself; for a third-party caveat, what that party understands.
        public let identifier: [UInt8]
        /// Present when a third party would have to vouch; such caveats are never satisfied here.
        public let verificationID: [UInt8]?
        /// Where that third party is. Not covered by the signature.
        public let location: String?

        public var isThirdParty: Bool { verificationID != nil }
    }

    /// Where the token is meant to be used: the host at its creation.
    public let location: String?
    /// Which root key it was made with.
    public let identifier: [UInt8]
    /// Its restrictions, in the order they were added.
    public private(set) var caveats: [PacketCaveat]
    /// HMAC-SHA256 chained over identifier and caveats, 32 bytes.
    public private(set) var signature: [UInt8]

    /// A fresh, unrestricted macaroon.
    public init(location: String?, identifier: [UInt8], rootKey: [UInt8]) {
        self.location = location
        self.identifier = identifier
        caveats = []
        signature = Self.authenticate(identifier, key: Self.derivedKey(rootKey))
    }

    init(location: String?, identifier: [UInt8], caveats: [PacketCaveat], signature: [UInt8]) {
        self.location = location
        self.identifier = identifier
        self.caveats = caveats
        self.signature = signature
    }

    /// Adds a first-party restriction. Needs no root key.
    public mutating func addCaveat(_ caveat: [UInt8]) {
        let added = PacketCaveat(identifier: caveat, verificationID: nil, location: nil)
        caveats.append(added)
        signature = Self.chained(signature, added)
    }

    /// The same macaroon, restricted further.
    public func adding(caveat: [UInt8]) -> Macaroon {
        var copy = self
        copy.addCaveat(caveat)
        return copy
    }

    /// Whether the signature belongs to this root key. Compares in constant time. Says nothing about the caveats: see `MacaroonVerifier`.
    public func hasValidSignature(rootKey: [UInt8]) -> Bool {
        var expected = Self.authenticate(identifier, key: Self.derivedKey(rootKey))
        for caveat in caveats { expected = Self.chained(expected, caveat) }
        guard expected.count == signature.count else { return false }
        return zip(expected, signature).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derivedKey(_ rootKey: [UInt8]) -> [UInt8] {
        authenticate(rootKey, key: Array("macaroons-key-generator".utf8))
    }

    private static func chained(_ signature: [UInt8], _ caveat: PacketCaveat) -> [UInt8] {
        guard let verificationID = caveat.verificationID else { return authenticate(caveat.identifier, key: signature) }
        return authenticate(authenticate(verificationID, key: signature) + authenticate(caveat.identifier, key: signature), key: signature)
    }

    private static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}

/// Why bytes or text are no macaroon.
public struct InvalidMacaroon: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    public var description: String { message }

    init(_ message: String) { self.message = message }
}
