import Credentials
import HTTPTypes
import Localization
import Registry

/// What scripts ask when a security key is used, and what they are told: JSON (platform §1.6).
enum KeyAnswer {
    /// The options, with a challenge that this session keeps until it is answered.
    static func options(
        _ request: WebRequest,
        _ context: WebContext,
        _ make: (_ site: WebAuthn, _ challenge: [UInt8]) async throws -> String
    ) async throws -> WebResponse {
        guard let site = RelyingParty.of(request, context.index.links) else { return failed(message: noName) }
        let challenge = WebAuthn.challenge()
        do {
            let options = try await make(site, challenge)
            request.session.setChallenge(challenge)
            return .text(options, type: "application/json")
        } catch let rejection as Rejection {
            return failed(message: rejection.sentence)
        }
    }

    /// - Parameter take: verifies what the browser answered; where it sends the browser then is told to the script.
    static func validate(
        _ request: WebRequest,
        _ context: WebContext,
        _ take: (_ site: WebAuthn, _ challenge: [UInt8], _ response: [UInt8]) async throws -> WebResponse
    ) async throws -> WebResponse {
        guard let site = RelyingParty.of(request, context.index.links) else { return failed(message: noName) }
        // Whatever comes of it: a challenge is answered once.
        guard let challenge = request.session.takeChallenge() else { return failed(message: "That took too long; try again.") }
        do {
            var response = try await take(site, challenge, Array((request.form["credential"] ?? "").utf8))
            let next = MountPath(context.index.links).mounted(response.headers[.location] ?? "/")
            response.headers[.location] = nil
            let body = JSONText.object([("redirect_to", next), ("success", "yes")])
            var answer = WebResponse.bytes(body, type: "application/json")
            answer.headers.append(contentsOf: response.headers)
            answer.headers[.contentType] = "application/json"
            return answer
        } catch let rejection as Rejection {
            return failed(message: rejection.sentence)
        }
    }

    /// In the reader's language: the script shows it.
    static func failed(message: Message) -> WebResponse {
        .bytes(JSONText.object([("fail", Localizer.current.text(message))]), type: "application/json")
    }

    static let noName: Message =
        "Browsers know security keys only for sites that have a name. Open this one by its name, such as http://localhost and its port."
}
