// Security keys and passkeys.

/// A relying party of Web Authentication (W3C WebAuthn Level 3): whom credentials are made for, and the verification of what browsers send about them.
///
/// Knows no database and no clock: it is given the challenge it asked with and the credential that was stored. Whoever calls must clear a challenge when an
/// answer to it is looked at, whatever the outcome, refuse a credential id that is stored for anybody (§7.1 step 26), and store the new counter and backup state
/// of each assertion.
public struct WebAuthn: Sendable, Hashable {
    /// The relying party identifier: the host name, without port.
    public let id: String
    /// The site's name, for people.
    public let name: String
    /// The origins that answers may come from, such as `https://index.example`.
    public let origins: Set<String>

    /// - Parameter id: a host name that every origin's host is, or ends in after a dot; browsers refuse anything else.
    public init(id: String, name: String, origins: Set<String>) {
        self.id = id
        self.name = name
        self.origins = origins
    }

    /// How many random bytes a challenge has (§13.4.3 asks for at least 16).
    public static let challengeLength = 32

    /// A new challenge.
    public static func challenge(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<challengeLength).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// A new challenge from the system's random source.
    public static func challenge() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return challenge(using: &generator)
    }

    /// Whether the authenticator is to verify the person, by PIN or biometrics (§5.8.6). Only `required` is enforced.
    public enum UserVerification: String, Sendable, Hashable, CaseIterable {
        case required, preferred, discouraged
    }

    /// Whether the credential is to be discoverable, which makes it a passkey (§5.4.6).
    public enum ResidentKey: String, Sendable, Hashable, CaseIterable {
        case required, preferred, discouraged
    }

    /// What kind of authenticator is asked for (§5.4.5).
    public enum Attachment: String, Sendable, Hashable, CaseIterable {
        /// Built into the device.
        case platform
        /// Plugged in, or near.
        case crossPlatform = "cross-platform"
    }

    /// The signature algorithms that are taken, by their COSE numbers, in order of preference.
    public enum Algorithm: Int, Sendable, Hashable, CaseIterable {
        /// ECDSA over P-256 with SHA-256.
        case es256 = -7
        /// Ed25519.
        case edDSA = -8
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        case rs256 = -257
    }

    /// A credential to name to the browser, with the ways that its authenticator can be reached.
    public struct Descriptor: Sendable, Hashable {
        /// The credential's id.
        public let id: [UInt8]
        /// As they were registered (``Credential/transports``); empty when unknown.
        public let transports: [String]

        /// Names a credential.
        public init(id: [UInt8], transports: [String] = []) {
            self.id = id
            self.transports = transports
        }
    }

    /// What is stored of a credential (§4, credential record).
    public struct Credential: Sendable, Hashable {
        /// 1 to 1023 bytes; unique among all users.
        public let id: [UInt8]
        /// The COSE key as the authenticator encoded it.
        public let publicKey: [UInt8]
        /// The signature counter as of the last ceremony.
        public let signCount: UInt32
        /// Whether it may be synchronized to other devices. Never changes.
        public let isBackupEligible: Bool
        /// Whether it was synchronized as of the last ceremony.
        public let isBackedUp: Bool
        /// How its authenticator can be reached, as the browser says: `usb`, `internal` and so on.
        public let transports: [String]

        /// A credential as it was stored.
        public init(
            id: [UInt8],
            publicKey: [UInt8],
            signCount: UInt32,
            isBackupEligible: Bool,
            isBackedUp: Bool,
            transports: [String]
        ) {
            self.id = id
            self.publicKey = publicKey
            self.signCount = signCount
            self.isBackupEligible = isBackupEligible
            self.isBackedUp = isBackedUp
            self.transports = transports
        }
    }
}
