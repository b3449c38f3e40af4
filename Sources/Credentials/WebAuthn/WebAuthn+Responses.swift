// What browsers send, as their `toJSON()` writes it.

extension WebAuthn {
    /// The longest JSON that is read, in bytes.
    public static let longestResponse = 131_072

    /// The challenge that a browser's answer says it signed; `nil` for what is no such answer. Nothing is verified here.
    public static func challenge(answeredBy response: [UInt8]) -> [UInt8]? {
        guard let members = try? ResponseMembers(response), let clientData = try? members.bytes("clientDataJSON") else { return nil }
        return (try? ClientData(clientData))?.challenge
    }

    /// The answer of `navigator.credentials.create()` (W3C WebAuthn §5.1, RegistrationResponseJSON).
    public struct RegistrationResponse: Sendable, Hashable {
        /// The new credential's id, as the browser says.
        public let id: [UInt8]
        /// The client data as the browser serialized them.
        public let clientData: [UInt8]
        /// The attestation object in CBOR.
        public let attestationObject: [UInt8]
        /// The ways the authenticator can be reached; at most 16, of ASCII letters, digits and dashes.
        public let transports: [String]

        /// - Throws: ``Refusal/malformedResponse(_:)``.
        public init(json: [UInt8]) throws(Refusal) {
            let members = try ResponseMembers(json)
            id = members.id
            clientData = try members.bytes("clientDataJSON")
            attestationObject = try members.bytes("attestationObject")
            transports = try members.transports()
        }
    }

    /// The answer of `navigator.credentials.get()` (W3C WebAuthn §5.1, AuthenticationResponseJSON).
    public struct AuthenticationResponse: Sendable, Hashable {
        /// The id of the credential that answered: look it up, then verify.
        public let id: [UInt8]
        /// The client data as the browser serialized them.
        public let clientData: [UInt8]
        /// What the authenticator says.
        public let authenticatorData: [UInt8]
        /// Over authenticator data and the client data's hash.
        public let signature: [UInt8]
        /// Whose credential it is, by what was called ``CreationOptions/userHandle`` at registration. Discoverable credentials always say it.
        public let userHandle: [UInt8]?

        /// - Throws: ``Refusal/malformedResponse(_:)``.
        public init(json: [UInt8]) throws(Refusal) {
            let members = try ResponseMembers(json)
            id = members.id
            clientData = try members.bytes("clientDataJSON")
            authenticatorData = try members.bytes("authenticatorData")
            signature = try members.bytes("signature")
            userHandle = try members.optionalBytes("userHandle")
        }
    }
}

/// What both answers have in common.
private struct ResponseMembers {
    let id: [UInt8]
    private let response: [String: JSONValue]

    init(_ json: [UInt8]) throws(WebAuthn.Refusal) {
        guard json.count <= WebAuthn.longestResponse, case .object(let members)? = try? JSONValue(json) else {
            throw .malformedResponse("it is no JSON object")
        }
        guard members["type"] == .string("public-key") else { throw .malformedResponse("type") }
        guard case .string(let text)? = members["id"], let id = Base64URL.decode(text.utf8),
            (1...AuthenticatorData.longestCredentialID).contains(id.count)
        else { throw .malformedResponse("id") }
        guard members["rawId"] == .string(text) else { throw .malformedResponse("rawId") }
        guard case .object(let response)? = members["response"] else { throw .malformedResponse("response") }
        self.id = id
        self.response = response
    }

    func bytes(_ name: String) throws(WebAuthn.Refusal) -> [UInt8] {
        guard let bytes = try optionalBytes(name) else { throw .malformedResponse(name) }
        return bytes
    }

    /// Nil when it is absent, null or empty: browsers differ in how they say that there is none.
    func optionalBytes(_ name: String) throws(WebAuthn.Refusal) -> [UInt8]? {
        switch response[name] {
        case nil, .null, .string(""): return nil
        case .string(let text):
            guard let bytes = Base64URL.decode(text.utf8) else { throw .malformedResponse(name) }
            return bytes
        default: throw .malformedResponse(name)
        }
    }

    /// Unknown ways are kept, as §5.8.4 asks, when they are sane; they are only ever given back to the browser.
    func transports() throws(WebAuthn.Refusal) -> [String] {
        switch response["transports"] {
        case nil, .null: return []
        case .array(let values):
            var transports: [String] = []
            for value in values {
                guard case .string(let text) = value else { throw .malformedResponse("transports") }
                let isSane =
                    (1...32).contains(text.utf8.count)
                    && text.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
                if isSane, transports.count < 16, !transports.contains(text) { transports.append(text) }
            }
            return transports
        default: throw .malformedResponse("transports")
        }
    }
}
