// Why → HTTP: the status and the representation of every refusal.

import Backends
import HTTPTypes
import Localization
import Logging
import Markup
import NIOHTTP1
import Registry
import SQLDatabase

/// Turns refusals and failures into responses (index §0.4).
enum RejectionResponses {
    /// - Parameter path: decides the shape: the index pages answer in plain text, the upload endpoint also in the status line, the API in problem documents.
    static func response(to rejection: Rejection, path: String, accept: String?) -> WebResponse {
        let status = status(of: rejection.reason)
        if status == 404, !Problem.isTold(at: path) { return notFound(path: path) }
        // Publishing clients show the status line, or what JSON calls the code: the sentence travels there too.
        let phrase = path.hasPrefix("/legacy") || path.hasPrefix("/pypi") ? rejection.message : nil
        var response = plain(status, message: rejection.sentence, phrase: phrase, path: path, accept: accept)
        response.reasonPhrase = phrase
        addHeaders(of: rejection, to: &response)
        if rejection.reason == .unauthenticated { response.headers[.wwwAuthenticate] = "Basic realm=\"index\"" }
        return response
    }

    /// A refusal as a page, for whoever has the site open in a browser.
    static func page(_ rejection: Rejection, frame: PageFrame) -> WebResponse {
        let status = status(of: rejection.reason)
        let page = ErrorPage(status: status, title: StatusWords.title(of: status), message: rejection.sentence, frame: frame)
        var response = WebResponse.page(page.html, status: status)
        addHeaders(of: rejection, to: &response)
        return response
    }

    private static func addHeaders(of rejection: Rejection, to response: inout WebResponse) {
        if case .rateLimited(let seconds) = rejection.reason { response.headers[.retryAfter] = String(seconds) }
        if rejection.reason == .unavailable { response.headers[.retryAfter] = "5" }
    }

    private static func status(of reason: Rejection.Reason) -> Int {
        switch reason {
        case .invalid: 400
        case .unauthenticated: 401
        case .forbidden: 403
        case .notFound: 404
        case .tooSlow: 408
        case .conflict: 409
        case .gone: 410
        case .tooLarge: 413
        case .rateLimited: 429
        case .unavailable: 503
        }
    }

    /// Whether a failure of the database may be over in a moment.
    static func passes(_ error: DatabaseError) -> Bool {
        [.exhausted, .connectionLost, .timeout, .conflict, .full, .readOnly].contains(error.kind)
    }

    /// Anything that is not a refusal: logged once, here, and told to nobody.
    static func failure(_ error: any Error, path: String, accept: String?, _ logger: Logger) -> WebResponse {
        if let error = error as? DatabaseError, passes(error) {
            logger.error("The database could not answer.", metadata: ["error": "\(error)"])
            var response = plain(503, message: "The index can not answer right now; try again in a moment.", path: path, accept: accept)
            response.headers[.retryAfter] = "5"
            return response
        }
        if let error = error as? StorageError {
            logger.error("The file storage could not answer.", metadata: ["error": "\(error)"])
            var response = plain(503, message: "The index's file storage failed; try again in a moment.", path: path, accept: accept)
            response.headers[.retryAfter] = "5"
            return response
        }
        logger.error("A request failed.", metadata: ["error": "\(String(reflecting: error))"])
        return plain(500, message: "Something went wrong in the index.", path: path, accept: accept)
    }

    /// `Allow` is sorted by alphabet.
    static func methodNotAllowed(_ methods: [HTTPRequest.Method], path: String, accept: String?) -> WebResponse {
        var response = plain(405, message: "This page does not take this method.", path: path, accept: accept)
        response.headers[.allow] = Set(methods.map(\.rawValue)).sorted().joined(separator: ", ")
        return response
    }

    /// The index pages answer 404 in plain text, JSON paths in JSON, the API in a problem document, everything else as a page.
    static func notFound(path: String) -> WebResponse {
        if Problem.isTold(at: path) { return Problem.response(404, "There is nothing at this address.") }
        var response: WebResponse
        if path.hasPrefix("/simple/") || path.hasPrefix("/packages/") {
            response = .text("404 Not Found", status: 404)
        } else if path.hasPrefix("/pypi/"), path.hasSuffix("/json") || path.hasSuffix("/json/") {
            response = .text(#"{"message": "Not Found"}"#, status: 404, type: "application/json")
        } else {
            response = .page(ErrorPage(status: 404, title: StatusWords.title(of: 404), message: "There is no page here.").html, status: 404)
        }
        CORS.apply(to: &response)
        return response
    }

    /// An error in whatever the client likes best of HTML, JSON and plain text (index §0.4).
    ///
    /// A page is in the reader's language; what programs read is in English.
    ///
    /// - Parameter phrase: what stands in the status line, where that is not the standard phrase.
    static func plain(_ status: Int, message: Message, phrase: String? = nil, path: String, accept: String?) -> WebResponse {
        if Problem.isTold(at: path) { return Problem.response(status, message.english) }
        let title = HTTPResponseStatus(statusCode: status).reasonPhrase
        let offers = ["text/html", "application/json", "text/plain"]
        let type = accept.flatMap { AcceptHeader($0)?.best(of: offers) } ?? "text/plain"
        switch type {
        case "text/html":
            return .page(ErrorPage(status: status, title: StatusWords.title(of: status), message: message).html, status: status)
        case "application/json":
            return .bytes(
                JSONText.object([("code", "\(status) \(phrase ?? title)"), ("message", message.english), ("title", title)]),
                status: status,
                type: "application/json"
            )
        default:
            return .text("\(status) \(title)\n\n\(message.english)\n", status: status)
        }
    }
}
