import Localization
import NIOHTTP1

/// What the statuses of error pages are called.
enum StatusWords {
    static func title(of status: Int) -> Message {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Payload Too Large"
        case 422: "Unprocessable Entity"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: Message(verbatim: HTTPResponseStatus(statusCode: status).reasonPhrase)
        }
    }
}
