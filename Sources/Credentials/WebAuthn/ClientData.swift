// What a browser says that it showed the user.

/// The client data that an authenticator signs the hash of (W3C WebAuthn §5.8.1).
struct ClientData: Sendable, Hashable {
    enum Ceremony: String, Sendable, Hashable {
        case registration = "webauthn.create"
        case assertion = "webauthn.get"
    }

    /// The longest that are read, in bytes.
    static let longest = 16_384

    let type: String
    let challenge: [UInt8]
    let origin: String
    /// Whether the page was embedded in one of another origin; older browsers do not say.
    let isCrossOrigin: Bool
    /// The origin of the outermost page, said only when the page was embedded.
    let topOrigin: String?

    /// Members that nobody knows yet are ignored, as §5.8.1 asks.
    /// - Throws: `Refusal.malformedClientData`.
    init(_ bytes: [UInt8]) throws(WebAuthn.Refusal) {
        guard bytes.count <= Self.longest, case .object(let members)? = try? JSONValue(bytes), case .string(let type)? = members["type"],
            case .string(let challengeText)? = members["challenge"], let challenge = Base64URL.decode(challengeText.utf8),
            case .string(let origin)? = members["origin"]
        else { throw .malformedClientData }
        self.type = type
        self.challenge = challenge
        self.origin = origin
        switch members["crossOrigin"] {
        case nil: isCrossOrigin = false
        case .boolean(let value): isCrossOrigin = value
        default: throw .malformedClientData
        }
        switch members["topOrigin"] {
        case nil: topOrigin = nil
        case .string(let origin): topOrigin = origin
        default: throw .malformedClientData
        }
    }

    /// Steps 7 to 11 of §7.1, which are 10 to 14 of §7.2.
    func check(_ ceremony: Ceremony, challenge expected: [UInt8], origins: Set<String>) throws(WebAuthn.Refusal) {
        guard type == ceremony.rawValue else { throw .wrongType }
        guard !expected.isEmpty, areEqualInConstantTime(challenge, expected) else { throw .wrongChallenge }
        guard origins.contains(origin) else { throw .wrongOrigin }
        // An index has no reason to let itself be embedded when somebody logs in.
        guard !isCrossOrigin, topOrigin == nil else { throw .crossOrigin }
    }
}
