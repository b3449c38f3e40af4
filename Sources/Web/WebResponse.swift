// A response as handlers make it.

package import Backends
package import HTTPTypes
import Markup
package import NIOCore

/// A response before the rules that hold for all of them (conditional requests, compression, security headers) have been applied.
package struct WebResponse: Sendable {
    package enum Body: Sendable {
        /// Bytes that get an ETag and may be compressed.
        case bytes([UInt8])
        /// A body that is encoded already, in the coding that the request prefers.
        case buffers([ByteBuffer])
        /// A stored file, or the part of it within these byte offsets.
        case file(StoredFile, Range<Int64>)
        /// A part of a stored file that lies elsewhere; its beginning has come.
        case pieces(FilePieces)
    }

    package var status: Int
    /// What the status line says instead of the standard phrase.
    package var reasonPhrase: String?
    package var headers: HTTPFields
    package var body: Body
    /// Whether it is for one person's eyes: it is neither kept nor compressed.
    package var isPersonal = false
    /// Whether it says what holds only now: it is for whoever asked, and kept for nobody else.
    package var isMomentary = false
    /// Other sites that the page takes scripts, styles, frames and answers from.
    package var contentHosts: [String] = []

    package init(status: Int = 200, reasonPhrase: String? = nil, headers: HTTPFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.reasonPhrase = reasonPhrase
        self.headers = headers
        self.body = body
    }

    /// A response of text in one content type.
    static func text(_ text: String, status: Int = 200, type: String = "text/plain; charset=UTF-8", headers: HTTPFields = [:]) -> WebResponse {
        bytes(Array(text.utf8), status: status, type: type, headers: headers)
    }

    static func bytes(_ bytes: [UInt8], status: Int = 200, type: String, headers: HTTPFields = [:]) -> WebResponse {
        var headers = headers
        headers[.contentType] = type
        return WebResponse(status: status, headers: headers, body: .bytes(bytes))
    }

    /// A page for browsers, in the reader's language.
    static func page(_ html: HTML, status: Int = 200) -> WebResponse {
        var response = bytes(html.bytes, status: status, type: "text/html; charset=UTF-8")
        LanguageChoice.mark(&response)
        return response
    }

    /// - Parameter location: a path and query of this site, already encoded.
    static func redirect(to location: String, status: Int, reasonPhrase: String? = nil) -> WebResponse {
        WebResponse(status: status, reasonPhrase: reasonPhrase, headers: [.location: location])
    }

    /// Adds a header to those that a shared cache has to look at.
    mutating func vary(on name: String) {
        let present = headers[.vary].map { $0.split(separator: ",").map { $0.trimmingPrefix(while: { $0 == " " }).description } } ?? []
        guard !present.contains(where: { $0.lowercased() == name.lowercased() }) else { return }
        headers[.vary] = (present + [name]).joined(separator: ", ")
    }
}

extension HTTPField.Name {
    static let lastSerial = HTTPField.Name("X-PyPI-Last-Serial")!
    static let surrogateKey = HTTPField.Name("Surrogate-Key")!
    static let surrogateControl = HTTPField.Name("Surrogate-Control")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let fastlyError = HTTPField.Name("X-Fastly-Error")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let forwarded = HTTPField.Name("Forwarded")!
    static let strictTransportSecurity = HTTPField.Name("Strict-Transport-Security")!
    /// Between ``RequestWatch`` and ``WebApp`` only.
    static let framingFault = HTTPField.Name("X-Emporium-Framing-Fault")!
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
    static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
    static let rateLimit = HTTPField.Name("RateLimit")!
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    /// Between handlers and ``ReasonPhraseHandler`` only: never leaves the process.
    static let reasonPhrase = HTTPField.Name("X-Emporium-Reason-Phrase")!
}
