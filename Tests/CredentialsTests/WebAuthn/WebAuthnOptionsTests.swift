import Foundation
import Testing

@testable import Credentials

@Suite struct WebAuthnOptionsTests {
    private let site = WebAuthn(id: "index.example", name: "Index </script> & \"friends\"", origins: ["https://index.example"])
    private let descriptor = WebAuthn.Descriptor(id: [0xFB, 0xFF], transports: ["usb", "internal"])

    private func options(_ residentKey: WebAuthn.ResidentKey, attachment: WebAuthn.Attachment? = nil) -> WebAuthn.CreationOptions {
        WebAuthn.CreationOptions(
            relyingParty: site,
            challenge: [UInt8](repeating: 0xFF, count: 32),
            userHandle: [1, 2, 3],
            userName: "alice",
            displayName: "Älice \u{1F600}\n",
            excludedCredentials: [descriptor],
            residentKey: residentKey,
            userVerification: .required,
            attachment: attachment
        )
    }

    @Test func `the options of a creation are written as browsers read them`() {
        let text = options(.required, attachment: .crossPlatform).json
        let challenge = String(repeating: "_", count: 42) + "8"
        let expected = [
            #"{"attestation":"none","authenticatorSelection":{"authenticatorAttachment":"cross-platform","requireResidentKey":true,"#,
            #""residentKey":"required","userVerification":"required"},"challenge":"\#(challenge)","#,
            #""excludeCredentials":[{"id":"-_8","transports":["usb","internal"],"type":"public-key"}],"#,
            #""pubKeyCredParams":[{"alg":-7,"type":"public-key"},{"alg":-8,"type":"public-key"},{"alg":-257,"type":"public-key"}],"#,
            #""rp":{"id":"index.example","name":"Index \u003c/script\u003e \u0026 \"friends\""},"timeout":300000,"#,
            #""user":{"displayName":"Älice \#u{1F600}\u000a","id":"AQID","name":"alice"}}"#,
        ]
        #expect(text == expected.joined())
    }

    @Test func `the options of a request are written as browsers read them`() {
        let asked = WebAuthn.RequestOptions(relyingParty: site, challenge: [0], allowedCredentials: [.init(id: [1])], userVerification: .preferred)
        #expect(
            asked.json
                == #"{"allowCredentials":[{"id":"AQ","type":"public-key"}],"challenge":"AA","rpId":"index.example","timeout":300000,"userVerification":"preferred"}"#
        )
        #expect(WebAuthn.RequestOptions(relyingParty: site, challenge: [0]).json.contains(#""allowCredentials":[]"#))
    }

    @Test func `Python webauthn reads our options`() async throws {
        struct Read: Codable, Sendable {
            let name: String
            let display: String
            let algorithms: [Int]
            let residentKey: String
            let verification: String
            let excluded: [String]
            let requested: String
        }
        let request = WebAuthn.RequestOptions(relyingParty: site, challenge: [9, 9], allowedCredentials: [descriptor]).json
        let answers = try await PythonScript.answer(
            """
            import json, sys
            from webauthn.helpers import parse_authentication_options_json, parse_registration_options_json
            *creations, request = json.load(open(sys.argv[1]))
            answers = []
            for text in creations:
                read = parse_registration_options_json(text)
                assert read.challenge == b"\\xff" * 32 and read.user.id == b"\\1\\2\\3" and read.attestation == "none"
                answers.append({
                    "name": read.rp.name, "display": read.user.display_name, "algorithms": [p.alg for p in read.pub_key_cred_params],
                    "residentKey": read.authenticator_selection.resident_key, "verification": read.authenticator_selection.user_verification,
                    "excluded": [c.id.hex() for c in read.exclude_credentials],
                    "requested": parse_authentication_options_json(request).allow_credentials[0].id.hex(),
                })
            json.dump(answers, open(sys.argv[2], "w"))
            """,
            to: WebAuthn.ResidentKey.allCases.map { options($0).json } + [request],
            as: [Read].self
        )
        #expect(answers.map(\.residentKey) == WebAuthn.ResidentKey.allCases.map(\.rawValue))
        for read in answers {
            #expect(read.name == site.name)
            #expect(read.display == "Älice \u{1F600}\n")
            #expect(read.algorithms == [-7, -8, -257])
            #expect(read.verification == "required")
            #expect(read.excluded == ["fbff"])
            #expect(read.requested == "fbff")
        }
    }

    @Test func `challenges are long and never the same`() {
        #expect(WebAuthn.challenge().count == 32)
        #expect(WebAuthn.challenge() != WebAuthn.challenge())
    }
}

@Suite struct WebAuthnResponseTests {
    private let good = [
        "id": #""AQID""#, "rawId": #""AQID""#, "type": #""public-key""#,
        "response":
            #"{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"AA","signature":"BB8","userHandle":"CQ","transports":["usb"]}"#,
        "clientExtensionResults": #"{"credProps":{"rk":true},"later":1.5}"#,
    ]

    private func text(_ members: [String: String]) -> [UInt8] {
        Array(("{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}").utf8)
    }

    private func refusals(_ members: [String: String]) -> [WebAuthn.Refusal?] {
        let json = text(members)
        return [
            refusal { () throws(WebAuthn.Refusal) in _ = try WebAuthn.RegistrationResponse(json: json) },
            refusal { () throws(WebAuthn.Refusal) in _ = try WebAuthn.AuthenticationResponse(json: json) },
        ]
    }

    @Test func `both answers are read`() throws {
        let registration = try WebAuthn.RegistrationResponse(json: text(good))
        #expect(registration.id == [1, 2, 3] && registration.clientData == Array("{}".utf8) && registration.attestationObject == [0xA0])
        #expect(registration.transports == ["usb"])
        let assertion = try WebAuthn.AuthenticationResponse(json: text(good))
        #expect(assertion.id == [1, 2, 3] && assertion.authenticatorData == [0] && assertion.signature == [4, 31] && assertion.userHandle == [9])
    }

    @Test func `a user handle may be absent, null or empty, and transports are kept when they are sane`() throws {
        for handle in ["", #","userHandle":null"#, #","userHandle":"""#] {
            var members = good
            members["response"] = #"{"clientDataJSON":"e30","authenticatorData":"AA","signature":"BB8"\#(handle)}"#
            #expect(try WebAuthn.AuthenticationResponse(json: text(members)).userHandle == nil)
        }
        var members = good
        let many = (0..<30).map { "\"new-way-\($0)\"" }.joined(separator: ",")
        members["response"] = #"{"clientDataJSON":"e30","attestationObject":"oA","transports":["usb","usb","<b>","",\#(many)]}"#
        let transports = try WebAuthn.RegistrationResponse(json: text(members)).transports
        #expect(transports == ["usb"] + (0..<15).map { "new-way-\($0)" })
    }

    @Test(arguments: [
        ("type", [#""password""#, "null", "1"]), ("id", [#""""#, #""AQI=""#, #""A""#, "null", "3"]), ("rawId", [#""AQIE""#, "null"]),
        ("response", ["null", "[]"]),
    ])
    func `each member must be what it should be`(name: String, values: [String]) {
        var members = good
        members[name] = nil
        #expect(refusals(members).allSatisfy { $0 == .malformedResponse(name) })
        for value in values {
            members[name] = value
            #expect(refusals(members).allSatisfy { $0 == .malformedResponse(name) || name == "id" && $0 == .malformedResponse("rawId") })
        }
    }

    @Test func `what is no JSON object, is too long or says a thing twice is refused`() {
        for json in ["", "[]", "{", "null", #"{"id":"AQID","id":"AQID"}"#, String(repeating: " ", count: WebAuthn.longestResponse + 1)] {
            let found = refusal { () throws(WebAuthn.Refusal) in _ = try WebAuthn.RegistrationResponse(json: Array(json.utf8)) }
            #expect(found == .malformedResponse("it is no JSON object"))
        }
        for name in ["clientDataJSON", "attestationObject"] {
            for value in ["null", #""""#, #""A""#, #""+/==""#, "[]"] {
                var members = good
                let rest = ["clientDataJSON", "attestationObject"].filter { $0 != name }.map { "\"\($0)\":\"AA\"," }.joined()
                members["response"] = "{\(rest)\"\(name)\":\(value)}"
                #expect(refusals(members)[0] == .malformedResponse(name))
            }
        }
    }
}
