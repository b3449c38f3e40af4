// What a browser is asked for.

extension WebAuthn {
    /// How long a browser waits for the user unless another time is said, in milliseconds (§15.1 recommends 5 minutes).
    public static let standardTimeout = 300_000

    /// What `navigator.credentials.create()` is called with (W3C WebAuthn §5.4).
    public struct CreationOptions: Sendable, Hashable {
        /// Whose credential it will be.
        public let relyingParty: WebAuthn
        /// Keep it until the answer comes.
        public let challenge: [UInt8]
        /// Names the user to authenticators: 1 to 64 bytes that say nothing about the person, such as a random id.
        public let userHandle: [UInt8]
        /// The name that the user logs in with.
        public let userName: String
        /// The name for people.
        public let displayName: String
        /// Credentials the user has already, so that no authenticator is registered twice.
        public let excludedCredentials: [Descriptor]
        /// `required` makes a passkey, `discouraged` a second factor.
        public let residentKey: ResidentKey
        /// Give the same to the verification of the answer.
        public let userVerification: UserVerification
        /// Nil for any.
        public let attachment: Attachment?
        /// In milliseconds.
        public let timeout: Int

        /// - Precondition: the user handle has 1 to 64 bytes.
        public init(
            relyingParty: WebAuthn,
            challenge: [UInt8],
            userHandle: [UInt8],
            userName: String,
            displayName: String,
            excludedCredentials: [Descriptor] = [],
            residentKey: ResidentKey = .discouraged,
            userVerification: UserVerification = .discouraged,
            attachment: Attachment? = nil,
            timeout: Int = WebAuthn.standardTimeout
        ) {
            precondition((1...64).contains(userHandle.count), "a user handle has 1 to 64 bytes")
            self.relyingParty = relyingParty
            self.challenge = challenge
            self.userHandle = userHandle
            self.userName = userName
            self.displayName = displayName
            self.excludedCredentials = excludedCredentials
            self.residentKey = residentKey
            self.userVerification = userVerification
            self.attachment = attachment
            self.timeout = timeout
        }

        /// PublicKeyCredentialCreationOptionsJSON (§5.1.9), for `PublicKeyCredential.parseCreationOptionsFromJSON()`. Byte-stable.
        public var json: String {
            var selection: [String: JSONValue] = [
                "residentKey": .string(residentKey.rawValue),
                // For browsers of Level 1, which do not know `residentKey`.
                "requireResidentKey": .boolean(residentKey == .required),
                "userVerification": .string(userVerification.rawValue),
            ]
            if let attachment { selection["authenticatorAttachment"] = .string(attachment.rawValue) }
            return JSONValue.object([
                "rp": .object(["id": .string(relyingParty.id), "name": .string(relyingParty.name)]),
                "user": .object([
                    "id": .string(Base64URL.encode(userHandle)), "name": .string(userName), "displayName": .string(displayName),
                ]),
                "challenge": .string(Base64URL.encode(challenge)),
                "pubKeyCredParams": .array(
                    Algorithm.allCases.map { .object(["type": .string("public-key"), "alg": .integer(Int64($0.rawValue))]) }
                ),
                "timeout": .integer(Int64(timeout)),
                "excludeCredentials": .array(excludedCredentials.map(\.json)),
                "authenticatorSelection": .object(selection),
                "attestation": .string("none"),
            ]).text
        }
    }

    /// What `navigator.credentials.get()` is called with (W3C WebAuthn §5.5).
    public struct RequestOptions: Sendable, Hashable {
        /// Whose credentials are asked for.
        public let relyingParty: WebAuthn
        /// Keep it until the answer comes.
        public let challenge: [UInt8]
        /// The user's credentials; empty where nobody has said yet who they are, so that any passkey may answer.
        public let allowedCredentials: [Descriptor]
        /// Give the same to the verification of the answer.
        public let userVerification: UserVerification
        /// In milliseconds.
        public let timeout: Int

        /// Without `allowedCredentials`, a login by passkey.
        public init(
            relyingParty: WebAuthn,
            challenge: [UInt8],
            allowedCredentials: [Descriptor] = [],
            userVerification: UserVerification = .discouraged,
            timeout: Int = WebAuthn.standardTimeout
        ) {
            self.relyingParty = relyingParty
            self.challenge = challenge
            self.allowedCredentials = allowedCredentials
            self.userVerification = userVerification
            self.timeout = timeout
        }

        /// PublicKeyCredentialRequestOptionsJSON (§5.1.10), for `PublicKeyCredential.parseRequestOptionsFromJSON()`. Byte-stable.
        public var json: String {
            JSONValue.object([
                "rpId": .string(relyingParty.id),
                "challenge": .string(Base64URL.encode(challenge)),
                "allowCredentials": .array(allowedCredentials.map(\.json)),
                "userVerification": .string(userVerification.rawValue),
                "timeout": .integer(Int64(timeout)),
            ]).text
        }
    }
}

extension WebAuthn.Descriptor {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["type": .string("public-key"), "id": .string(Base64URL.encode(id))]
        if !transports.isEmpty { members["transports"] = .array(transports.map(JSONValue.string)) }
        return .object(members)
    }
}
