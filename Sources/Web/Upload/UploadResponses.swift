import HTTPTypes
import Registry

/// What publishing clients get to see.
enum UploadResponses {
    /// They only look at the status; the words are for people.
    static func success(_ outcome: PublishOutcome) -> WebResponse {
        var response =
            switch outcome {
            case .published(let warnings): WebResponse.text(warnings.isEmpty ? "OK\n" : warnings.map { "\($0)\n" }.joined())
            case .alreadyPublished: WebResponse.text("OK: this very file is here already\n")
            }
        response.vary(on: "Authorization")
        return response
    }
}
