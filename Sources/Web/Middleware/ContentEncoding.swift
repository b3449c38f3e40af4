import Distributions
import HTTPTypes

/// gzip for text that gets smaller by it (index §0.2).
enum ContentEncoding {
    static func apply(to response: inout WebResponse, for request: HTTPRequest) {
        guard response.status == 200, case .bytes(let bytes) = response.body, !bytes.isEmpty, isText(response.headers[.contentType]) else { return }
        // A response made for one person could give its secrets away by its length.
        let varies = response.headers[.vary]?.lowercased() ?? ""
        guard !varies.contains("cookie"), !varies.contains("authorization") else { return }
        response.vary(on: "Accept-Encoding")
        guard bytes.count >= 128, acceptsGzip(request.headerFields[.acceptEncoding]) else { return }
        let compressed = Compression.gzip(bytes)
        guard compressed.count < bytes.count else { return }
        response.headers[.contentEncoding] = "gzip"
        response.body = .bytes(compressed)
    }

    private static func isText(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        return contentType.hasPrefix("text/") || contentType.hasPrefix("application/json") || contentType.hasSuffix("+json")
            || contentType.hasSuffix("+html")
    }

    /// Whether gzip is wanted at all, and not less than no encoding.
    static func acceptsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        var gzip: Double?
        var any: Double?
        var identity: Double?
        for element in header.lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = parts.first else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            switch coding {
            case "gzip", "x-gzip": gzip = quality
            case "*": any = quality
            case "identity": identity = quality
            default: break
            }
        }
        let quality = gzip ?? any ?? 0
        return quality > 0 && quality >= identity ?? 0
    }
}
