import HTTPTypes

/// Headers that limit what a browser does with a response.
enum SecurityHeaders {
    static func apply(to response: inout WebResponse, path: String) {
        response.headers[.referrerPolicy] = "origin-when-cross-origin"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.frameOptions] = "deny"
        response.headers[.contentSecurityPolicy] = policy(path, response.contentHosts)
    }

    private static func policy(_ path: String, _ hosts: [String]) -> String {
        // What users publish is never run in the site's name.
        if path.hasPrefix("/simple/") || path.hasPrefix("/packages/") { return "default-src 'none'; sandbox allow-top-navigation" }
        // A picture that is opened by itself is a document.
        if path.hasPrefix(Assets.prefix) { return "default-src 'none'; sandbox" }
        let others = hosts.map { " " + $0 }.joined()
        let frames = hosts.isEmpty ? "" : "frame-src\(others); "
        return
            "default-src 'none'; style-src 'self'\(others); script-src 'self'\(others); img-src 'self'; connect-src 'self'\(others); \(frames)base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    }
}

/// The headers that let pages of other sites read what is public (index §0.3).
enum CORS {
    static func apply(to response: inout WebResponse) {
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlAllowHeaders] = "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since"
        response.headers[.accessControlAllowMethods] = "GET"
        response.headers[.accessControlMaxAge] = "86400"
        response.headers[.accessControlExposeHeaders] = "X-PyPI-Last-Serial"
    }
}
