import HTTPTypes

/// What a route's cache rule says to browsers.
enum CacheHeaders {
    static func apply(_ rule: Route.CacheRule, to response: inout WebResponse) {
        guard response.status < 400, response.headers[.cacheControl] == nil else { return }
        switch rule {
        case .never: response.headers[.cacheControl] = "no-store"
        case .tagged: response.headers[.cacheControl] = "max-age=600, public"
        case .immutable: response.headers[.cacheControl] = "max-age=365000000, immutable, public"
        case .revalidated: response.headers[.cacheControl] = "no-cache, public"
        }
    }
}
