import HTTPTypes

/// What a route's cache rule says to browsers.
enum CacheHeaders {
    /// - Parameter parameters: of the route, which say what the page was made from.
    static func apply(_ rule: Route.CacheRule, _ parameters: [String: String], to response: inout WebResponse) {
        // Only who says how long a shared cache may keep a response lets it (platform §8.2).
        if case .tagged(let subject, _) = rule, response.headers[.surrogateControl] != nil {
            response.headers[.surrogateKey] = subject.tags(parameters).map(\.description).joined(separator: " ")
        }
        guard response.status < 400, response.headers[.cacheControl] == nil else { return }
        switch rule {
        case .never: response.headers[.cacheControl] = "no-store"
        case .tagged: response.headers[.cacheControl] = "max-age=600, public"
        case .builtIn: response.headers[.cacheControl] = "max-age=315360000, immutable, public"
        case .immutable: response.headers[.cacheControl] = "max-age=365000000, immutable, public"
        case .revalidated, .shared: response.headers[.cacheControl] = "no-cache, public"
        }
    }
}
