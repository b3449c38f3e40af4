import HTTPTypes
import NIOCore

/// Compression of text that gets smaller by it (index §0.2).
enum ContentEncoding {
    static func apply(_ coding: ContentCoding, to response: inout WebResponse) {
        guard response.status == 200, isText(response.headers[.contentType]) else { return }
        if case .buffers = response.body {
            response.vary(on: "Accept-Encoding")
            response.headers[.contentEncoding] = coding.token
            return
        }
        // A response made for one person could give its secrets away by its length.
        let varies = response.headers[.vary]?.lowercased() ?? ""
        guard !response.isPersonal, !varies.contains("authorization") else { return }
        guard case .bytes(let bytes) = response.body, !bytes.isEmpty else { return }
        response.vary(on: "Accept-Encoding")
        guard bytes.count >= 128, let token = coding.token else { return }
        let encoded = coding.encode(bytes)
        guard encoded.count < bytes.count else { return }
        response.headers[.contentEncoding] = token
        response.body = .bytes(encoded)
    }

    private static func isText(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        return contentType.hasPrefix("text/") || contentType == "image/svg+xml" || contentType.hasPrefix("application/json")
            || contentType.hasSuffix("+json")
            || contentType.hasSuffix("+html")
    }
}
