import Backends
import Crypto
import Foundation
import HTTPTypes

/// ETags, and 304 for those who have a response already (index §0.2).
enum ConditionalRequests {
    /// Runs after compression: each encoding has an ETag of its own.
    static func apply(to response: inout WebResponse, for request: HTTPRequest) {
        guard response.status == 200, request.method == .get || request.method == .head else { return }
        addTag(to: &response)
        guard isFresh(response.headers, request.headerFields) else { return }
        response.status = 304
        response.body = .bytes([])
        response.headers[.contentType] = nil
        response.headers[.contentEncoding] = nil
    }

    static func addTag(to response: inout WebResponse) {
        guard response.status == 200, response.headers[.eTag] == nil, case .bytes(let bytes) = response.body else { return }
        response.headers[.eTag] = "\"\(tag(of: bytes))\""
    }

    /// Base64 of the body's MD5, without padding.
    static func tag(of bytes: [UInt8]) -> String {
        Data(Crypto.Insecure.MD5.hash(data: bytes)).base64EncodedString().filter { $0 != "=" }
    }

    /// Whether the client has what these headers describe.
    static func isFresh(_ response: HTTPFields, _ request: HTTPFields) -> Bool {
        if let known = request[.ifNoneMatch] {
            guard let tag = response[.eTag] else { return false }
            return known.split(separator: ",").contains { element in
                let element = element.filter { $0 != " " }
                return element == "*" || element == tag || element == "W/" + tag
            }
        }
        guard let since = request[.ifModifiedSince].flatMap(HTTPDate.parse),
            let modified = response[.lastModified].flatMap(HTTPDate.parse)
        else { return false }
        return modified <= since
    }
}
