import Backends
import HTTPTypes
import NIOHTTP1
import Packaging

/// What went wrong, as programs read it (RFC 9457), in English.
enum Problem {
    static let mediaType = "application/problem+json"

    /// Whether nothing else is answered there to whoever does something wrong.
    static func isTold(at path: String) -> Bool { path.hasPrefix("/api/") }

    /// - Parameter detail: a sentence that says what is wrong with this request.
    static func response(_ status: Int, _ detail: String) -> WebResponse {
        let document = JSONDocument.object([
            ("type", "about:blank"), ("title", .string(HTTPResponseStatus(statusCode: status).reasonPhrase)), ("status", .number(Int64(status))),
            ("detail", .string(detail)),
        ])
        var response = WebResponse.bytes(document.bytes, status: status, type: mediaType)
        // Other sites' pages are to see why they got nothing.
        CORS.apply(to: &response)
        return response
    }
}
