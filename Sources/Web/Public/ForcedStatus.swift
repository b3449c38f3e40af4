import HTTPTypes
import Localization
import Registry

/// The page of an error, for a CDN that wants to show the site's own (platform §8.8).
enum ForcedStatus {
    private static let known: Set<Int> = [400, 401, 403, 404, 405, 408, 409, 410, 413, 422, 429, 500, 503]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let text = request.parameters["status"], text.utf8.count == 3, let status = Int(text), known.contains(status) else {
            throw Rejection(.notFound, "There is no page here.")
        }
        let message: Message =
            switch status {
            case 404: Message("There is no page here.")
            case 429: Message("Too many requests. Try again in a moment.")
            case 503: Message("The index can not answer right now; try again in a moment.")
            case 500...: Message("Something went wrong in the index.")
            default: Message("The index did not take this request.")
            }
        return .page(ErrorPage(status: status, title: StatusWords.title(of: status), message: message).html, status: status)
    }
}
