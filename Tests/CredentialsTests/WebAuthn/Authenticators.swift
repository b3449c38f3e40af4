@testable import Credentials

/// Authenticators of the Python libraries fido2 and soft-webauthn, each word of whose answers can be bent before it is signed.
enum Authenticators {
    static let relyingParty = WebAuthn(id: "index.example", name: "Index", origins: ["https://index.example"])
    static let userHandle = Array("4b1f1f8e-user".utf8)

    /// What one ceremony is to look like; what is not said is as it should be.
    struct Ceremony: Codable, Sendable {
        var challenge = [UInt8](repeating: 7, count: 32)
        var type: String?
        var origin = "https://index.example"
        var crossOrigin: Bool?
        var topOrigin: String?
        var relyingPartyID = "index.example"
        /// User present, user verified.
        var flags: UInt8 = 5
        var signCount: UInt32 = 0
        /// Replaces the whole client data.
        var clientData: String?
        var format = "none"
        /// Replaces the credential's id in the authenticator data.
        var attestedID: [UInt8]?
        /// Labels and values to replace in, or add to, the COSE key.
        var keyMembers: [[Int]] = []
        /// Extension outputs behind the data (the flag is the caller's), in hexadecimal.
        var extensions: String?
        var hasUserHandle = true
        /// Signed by another key than the credential's.
        var isForged = false
    }

    struct Question: Codable, Sendable {
        /// `ES256`, `EdDSA`, `RS256` or `soft` (soft-webauthn as it comes).
        var algorithm = "ES256"
        var registration = Ceremony()
        var assertions: [Ceremony] = [Ceremony()]
        var userHandle = Authenticators.userHandle
    }

    struct Answer: Codable, Sendable {
        let registration: String
        let assertions: [String]
        /// Whether the Python library webauthn takes the registration, and each assertion, when asked for the usual.
        let registrationTaken: Bool
        let assertionsTaken: [Bool]
    }

    static func answer(_ questions: [Question]) async throws -> [Answer] { try await PythonScript.answer(script, to: questions) }

    private static let script = #"""
        import json, os, sys
        from base64 import urlsafe_b64encode
        from struct import pack

        import webauthn
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
        from fido2 import cbor
        from fido2.cose import RS256, EdDSA, ES256
        from fido2.utils import sha256
        from soft_webauthn import SoftWebauthnDevice

        ORIGIN, RP = "https://index.example", "index.example"
        KEYS = {
            "ES256": (lambda: ec.generate_private_key(ec.SECP256R1()), ES256, lambda k, m: k.sign(m, ec.ECDSA(hashes.SHA256()))),
            "EdDSA": (ed25519.Ed25519PrivateKey.generate, EdDSA, lambda k, m: k.sign(m)),
            "RS256": (lambda: rsa.generate_private_key(65537, 2048), RS256, lambda k, m: k.sign(m, padding.PKCS1v15(), hashes.SHA256())),
        }


        def text(raw):
            return urlsafe_b64encode(raw).decode().rstrip("=")


        class Device:
            def __init__(self, algorithm):
                make, self.cose, self.signer = KEYS[algorithm]
                self.key, self.other, self.id = make(), make(), os.urandom(32)

            def client_data(self, kind, wish):
                if wish.get("clientData") is not None:
                    return wish["clientData"].encode()
                data = {"type": wish.get("type") or kind, "challenge": text(bytes(wish["challenge"])), "origin": wish["origin"]}
                for name in ["crossOrigin", "topOrigin"]:
                    if wish.get(name) is not None:
                        data[name] = wish[name]
                return json.dumps(data).encode()

            def head(self, wish):
                return sha256(wish["relyingPartyID"].encode()) + bytes([wish["flags"]]) + pack(">I", wish["signCount"])

            def create(self, wish):
                key = dict(self.cose.from_cryptography_key(self.key.public_key()))
                for label, *value in wish["keyMembers"]:
                    key[label] = value[0] if len(value) == 1 else bytes(value)
                id = bytes(wish["attestedID"]) if wish.get("attestedID") is not None else self.id
                data = self.head(wish)
                if wish["flags"] & 0x40:
                    data += b"\0" * 16 + pack(">H", len(id)) + id + cbor.encode(key)
                data += bytes.fromhex(wish.get("extensions") or "")
                statement = {} if wish["format"] == "none" else {"alg": -7, "sig": b"whatever"}
                if wish["format"] == "none-with-statement":
                    wish["format"] = "none"
                return {
                    "id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}},
                    "authenticatorAttachment": "cross-platform",
                    "response": {
                        "clientDataJSON": text(self.client_data("webauthn.create", wish)), "transports": ["usb", "nfc"],
                        "attestationObject": text(cbor.encode({"fmt": wish["format"], "attStmt": statement, "authData": data})),
                    },
                }

            def get(self, wish, user_handle):
                client, data = self.client_data("webauthn.get", wish), self.head(wish) + bytes.fromhex(wish.get("extensions") or "")
                signature = self.signer(self.other if wish["isForged"] else self.key, data + sha256(client))
                return {
                    "id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {},
                    "response": {
                        "clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature),
                        "userHandle": text(user_handle) if wish["hasUserHandle"] else None,
                    },
                }


        class Soft:
            """soft-webauthn as it comes; only the form of the answer is the browsers'."""

            def __init__(self, algorithm):
                self.device = SoftWebauthnDevice()

            def browser(self, credential):
                response = {name: text(value) for name, value in credential["response"].items()}
                return {
                    "id": text(credential["rawId"]), "rawId": text(credential["rawId"]), "type": credential["type"], "response": response,
                    "clientExtensionResults": {},
                }

            def create(self, wish):
                options = {
                    "rp": {"id": RP}, "user": {"id": bytes(self.user_handle)}, "challenge": bytes(wish["challenge"]),
                    "pubKeyCredParams": [{"alg": -7, "type": "public-key"}], "attestation": "none",
                }
                return self.browser(self.device.create({"publicKey": options}, ORIGIN))

            def get(self, wish, user_handle):
                return self.browser(self.device.get({"publicKey": {"rpId": RP, "challenge": bytes(wish["challenge"])}}, ORIGIN))


        def taken(verify, *arguments, **named):
            try:
                return verify(*arguments, **named)
            except Exception:
                return None


        answers = []
        for question in json.load(open(sys.argv[1])):
            device = (Soft if question["algorithm"] == "soft" else Device)(question["algorithm"])
            device.user_handle = question["userHandle"]
            usual = {"expected_challenge": b"\7" * 32, "expected_rp_id": RP, "expected_origin": ORIGIN}
            registration = device.create(question["registration"])
            verified = taken(webauthn.verify_registration_response, credential=registration, **usual)
            assertions = [device.get(wish, bytes(question["userHandle"])) for wish in question["assertions"]]
            answers.append({
                "registration": json.dumps(registration), "assertions": [json.dumps(assertion) for assertion in assertions],
                "registrationTaken": verified is not None,
                "assertionsTaken": [
                    verified is not None and taken(
                        webauthn.verify_authentication_response, credential=assertion, credential_public_key=verified.credential_public_key,
                        credential_current_sign_count=verified.sign_count, **usual
                    ) is not None
                    for assertion in assertions
                ],
            })
        json.dump(answers, open(sys.argv[2], "w"))
        """#
}

/// The refusal of a body, nil when there is none.
func refusal(_ body: () throws(WebAuthn.Refusal) -> Void) -> WebAuthn.Refusal? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}
