import Testing

@testable import Credentials

/// Test vectors of the specification itself (W3C WebAuthn Level 3, §16): relying party `example.org`, no backup state asked for.
@Suite struct WebAuthnVectorTests {
    struct Vector: Sendable {
        let name: String
        let registrationChallenge: String
        let credentialID: String
        let registrationClientData: String
        let attestationObject: String
        let challenge: String
        let authenticatorData: String
        let clientData: String
        let signature: String
    }

    private static let extra = "clientDataJSON may be extended with additional fields in the future, such as this: "

    static let vectors = [
        Vector(
            name: "ES256, no attestation (§16.2)",
            registrationChallenge: "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
            credentialID: "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
            registrationClientData:
                #"{"type":"webauthn.create","challenge":"AMMPt4UxxGTStncdq417YDwBFi8vpIa-pw8oOuVW4TA","origin":"https://example.org","#
                + #""crossOrigin":false,"extraData":"\#(extra)BkQeDjdcTBrXBiAwJTLE5Q"}"#,
            attestationObject:
                "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
                + "59000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4"
                + "a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61"
                + "225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
            challenge: "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
            authenticatorData: "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
            clientData:
                #"{"type":"webauthn.get","challenge":"OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag","origin":"https://example.org","crossOrigin":false}"#,
            signature:
                "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea"
                + "13653e331e87"
        ),
        Vector(
            name: "ES256, self attestation (§16.3)",
            registrationChallenge: "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
            credentialID: "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
            registrationClientData:
                #"{"type":"webauthn.create","challenge":"eGnCt3LUtY66k3jPjynibPk1qnffDaifqZwL3Ap29-U","origin":"https://example.org","#
                + #""crossOrigin":false,"extraData":"\#(extra)U9hTXvKE2URkMnb_0xYHVg"}"#,
            attestationObject:
                "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120031581c73228d1fb4f5b881bcd7da983"
                + "02207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d"
                + "68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
                + "5d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c"
                + "a5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5"
                + "225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2",
            challenge: "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
            authenticatorData: "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
            clientData: #"{"type":"webauthn.get","challenge":"RHihCxNSNI3RYME1Ow1Gm12xnrkcJ_ffpv7Tn-Jq8gs","origin":"https://example.org","#
                + #""crossOrigin":false,"extraData":"\#(extra)gTb53rz6EhSWomXGzimC1Q"}"#,
            signature:
                "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b99772b7efd95994a83ef584b3b6b825ea35"
                + "50251b66"
        ),
        Vector(
            name: "Ed25519, packed attestation (§16.11)",
            registrationChallenge: "a8abf9dabdc6b0df63466b39bda9e8a34a34e185337a59f1c579990676d3b3bd",
            credentialID: "ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bd",
            registrationClientData:
                #"{"type":"webauthn.create","challenge":"qKv52r3GsN9jRms5vanoo0o04YUzelnxxXmZBnbTs70","origin":"https://example.org","#
                + #""crossOrigin":false,"extraData":"\#(extra)B_DT5g7ZD_-9OTLYX5IvEQ"}"#,
            attestationObject:
                "a363666d74667061636b65646761747453746d74a363616c67266373696758483046022100d83f60bd80269537583218858aefb03ac57d45fa06e42feaae332d187f62"
                + "da9f022100a02bd3cb6f7e1d283c93bad1f3f4b5a4c0494463da7fdbf256949116754d1f17637835638159022730820223308201c8a003020102021100b2cfc9ea33"
                + "c8643b0e1a760463eaf164300a06082a8648ce3d0403023062311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a"
                + "0c0357334331253023060355040b0c1c41757468656e74696361746f72204174746573746174696f6e204341310b30090603550406130241413020170d3234303130"
                + "313030303030305a180f33303234303130313030303030305a305f311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355"
                + "040a0c0357334331223020060355040b0c1941757468656e74696361746f72204174746573746174696f6e310b30090603550406130241413059301306072a8648ce"
                + "3d020106082a8648ce3d03010703420004dd2b7a564b73b8c0b81c4c62e521925c4d1198ec9f583dbf1eebe364b65cd9c29a9bdf346aaa81fb6b9507e5249a52fdaf"
                + "8e39e26b0b7dc45992a7e233b70f70a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020780301d0603551d0e041604140ae27546bc7e"
                + "ccb1b4b597bd354f0c0b1f1f8f8e301f0603551d2304183016801445aff715b0dd786741fee996ebc16547a3931b1e300a06082a8648ce3d04030203490030460221"
                + "00a0d434ecb5fc3bfd7da5f41904517ad2836249f561bd834ba7a438a8ab7a4ce8022100fac845bb7a02513b58e9f319654dbe49b0f02b95835bac568c71f8a18cdd"
                + "e9ab"
                + "6861757468446174615881bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
                + "4100000000d5aa33581e8ca478e20fe713f5d32ff20020ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bd"
                + "a401010327200621582044e06ddd331c36a8dc667bab52bcae63486c916aa5e339e6acebaa84934bf832",
            challenge: "895957e01c633a698348a2d8a31a54b7db27e8c1c43b2080d79ae2190267bfd2",
            authenticatorData: "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50100000000",
            clientData:
                #"{"type":"webauthn.get","challenge":"iVlX4BxjOmmDSKLYoxpUt9sn6MHEOyCA15riGQJnv9I","origin":"https://example.org","crossOrigin":false}"#,
            signature:
                "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cfdfc48f85393bc0d40b011f0d6fecb097d6607525713223a0dc0d453993dae00b"
        ),
        // Its statement, which is not looked at, is left out. The modulus is the product of the Mersenne primes 2^1279 - 1 and 2^2203 - 1.
        Vector(
            name: "RS256 of 3482 bits, packed attestation (§16.10)",
            registrationChallenge: "bea8f0770009bd57f2c0df6fea9f743a27e4b61bbe923c862c7aad7a9fc8e4a6",
            credentialID: "992a18acc83f67533600c1138a4b4c4bd236de13629cf025ed17cb00b00b74df",
            registrationClientData:
                #"{"type":"webauthn.create","challenge":"vqjwdwAJvVfywN9v6p90Oifkthu-kjyGLHqtep_I5KY","origin":"https://example.org","#
                + #""crossOrigin":false}"#,
            attestationObject:
                "a363666d74667061636b65646761747453746d74a068617574684461746159021bbfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
                + "5d00000000428f8878298b9862a36ad8c7527bfef20020992a18acc83f67533600c1138a4b4c4bd236de13629cf025ed17cb00b00b74df"
                + "a4010303390100205901b403" + String(repeating: "f", count: 319) + "7" + String(repeating: "f", count: 230) + "8"
                + String(repeating: "0", count: 318) + "12143010001",
            challenge: "295f59f5fa8fe62c5aca9e27626c78c8da376ae6d8cd2dd29aebad601e1bc4c5",
            authenticatorData: "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
            clientData:
                #"{"type":"webauthn.get","challenge":"KV9Z9fqP5ixayp4nYmx4yNo3aubYzS3SmuutYB4bxMU","origin":"https://example.org","crossOrigin":false}"#,
            signature:
                "01063d52d7c39b4d432fc7063c5d93e582bdcb16889cd71f888d67d880ea730a428498d3bc8e1ee11f2b1ecbe6c292b118c55ffaaddefa8cad0a54dd137c51f1eec673f1"
                + "bb6c4d1789d6826a222b22d0f585fc901fdc933212e579d199b89d672aa44891333e6a1355536025e82b25590256c3538229b55737083b2f6b9377e49e2472f11952"
                + "f79fdd0da180b5ffd901b4049a8f081bb40711bef76c62aed943571f2d0575304cb549d68d8892f95086a30f93716aee818f8dc06e96c0d5e0ed4cfa9fd8773d9046"
                + "4b68cf140f7986666ff9c9e3302acd0535d60d769f465e2ab57ef8aabc89fccfef7ba32a64154a8b3d26be2298f470b8cc5377dbe3dfd4b0b45f8f01e63bde6cfc76"
                + "b62771f9b70aa27cf40152cad93aa5acd784fd4b90f676e2ea828d0bf2400aebbaae4153e5838f537f88b6228346782a93a899be66ec77de45b3efcf311da6321c92"
                + "e6b0cd11bfe653bf3e98cee8e341f02d67dbb6f9c98d9e8178090cfb5b70fbc6d541599ac794ae2f1d4de1286ec8de8c2daf7b1d15c8438e90d924df5c19045220a4"
                + "c8438c1b979bbe016cf3d0eeec23c3999d4882cc645b776de930756612cdc6dd398160ff02a6"
        ),
    ]

    private let site = WebAuthn(id: "example.org", name: "Example", origins: ["https://example.org"])

    private func register(_ vector: Vector) throws(WebAuthn.Refusal) -> WebAuthn.Registration {
        let id = Base64URL.encode(bytes(hexadecimal: vector.credentialID))
        let client = Base64URL.encode(Array(vector.registrationClientData.utf8))
        let object = Base64URL.encode(bytes(hexadecimal: vector.attestationObject))
        let json = """
            {"id":"\(id)","rawId":"\(id)","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"\(client)","attestationObject":"\(object)"}}
            """
        return try site.verify(
            WebAuthn.RegistrationResponse(json: Array(json.utf8)),
            challenge: bytes(hexadecimal: vector.registrationChallenge),
            userVerification: .discouraged
        )
    }

    private func assertion(_ vector: Vector) throws(WebAuthn.Refusal) -> WebAuthn.AuthenticationResponse {
        let id = Base64URL.encode(bytes(hexadecimal: vector.credentialID))
        let client = Base64URL.encode(Array(vector.clientData.utf8))
        let data = Base64URL.encode(bytes(hexadecimal: vector.authenticatorData))
        let signature = Base64URL.encode(bytes(hexadecimal: vector.signature))
        let json = """
            {"id":"\(id)","rawId":"\(id)","type":"public-key","clientExtensionResults":{},
            "response":{"clientDataJSON":"\(client)","authenticatorData":"\(data)","signature":"\(signature)","userHandle":null}}
            """
        return try WebAuthn.AuthenticationResponse(json: Array(json.utf8))
    }

    @Test(arguments: vectors) func `a registration and an assertion of the specification are taken`(vector: Vector) throws {
        let registration = try register(vector)
        #expect(registration.credential.id == bytes(hexadecimal: vector.credentialID))
        let assertion = try site.verify(
            assertion(vector),
            challenge: bytes(hexadecimal: vector.challenge),
            credential: registration.credential,
            userHandle: [1],
            requiresUserHandle: false,
            userVerification: .discouraged
        )
        #expect(assertion.credential.isBackedUp == (bytes(hexadecimal: vector.authenticatorData)[32] & 16 != 0))
    }

    @Test func `a registration within a page of another origin is not taken (§16.4)`() {
        let vector = Vector(
            name: "",
            registrationChallenge: "3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49",
            credentialID: "6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57",
            registrationClientData:
                #"{"type":"webauthn.create","challenge":"O-WqzQNTcUJHI0CrWWnyQPHYdxbiC2gHrCMGVfpLO0k","origin":"https://example.org","#
                + #""crossOrigin":true,"extraData":"\#(Self.extra)zZquEtDR9DWqpW5tBWTFug"}"#,
            attestationObject:
                "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
                + "4500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57"
                + "a501020326200121582022200a473f90b11078851550d03b4e44a2279f8c4eca27b3153dedfe03e4e97d"
                + "225820cbd0be95e746ad6f5a8191be11756e4c0420e72f65b466d39bc56b8b123a9c6e",
            challenge: "",
            authenticatorData: "",
            clientData: "",
            signature: ""
        )
        #expect(refusal { () throws(WebAuthn.Refusal) in _ = try register(vector) } == .crossOrigin)
    }

    @Test(arguments: vectors) func `the same for another site, origin or challenge are not`(vector: Vector) throws {
        let credential = try register(vector).credential
        let response = try assertion(vector)
        let challenge = bytes(hexadecimal: vector.challenge)
        let others: [(WebAuthn, [UInt8], WebAuthn.Refusal)] = [
            (WebAuthn(id: "example.com", name: "", origins: site.origins), challenge, .wrongRelyingParty),
            (WebAuthn(id: site.id, name: "", origins: ["https://example.com"]), challenge, .wrongOrigin),
            (WebAuthn(id: site.id, name: "", origins: []), challenge, .wrongOrigin),
            (site, bytes(hexadecimal: vector.registrationChallenge), .wrongChallenge),
        ]
        for (other, challenge, expected) in others {
            let found = refusal { () throws(WebAuthn.Refusal) in
                _ = try other.verify(
                    response,
                    challenge: challenge,
                    credential: credential,
                    userHandle: [1],
                    requiresUserHandle: false,
                    userVerification: .discouraged
                )
            }
            #expect(found == expected)
        }
    }
}
