import HTTPTypes
import Registry

/// What publishing clients get to see.
enum UploadResponses {
    /// They only look at the status; the words are for people.
    static func success(_ outcome: PublishOutcome) -> WebResponse {
        var response =
            switch outcome {
            case .published: WebResponse.text("OK\n")
            case .alreadyPublished: WebResponse.text("OK: this very file is here already\n")
            }
        response.vary(on: "Authorization")
        return response
    }
}
