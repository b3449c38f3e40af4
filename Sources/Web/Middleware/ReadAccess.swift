import HTTPTypes
import Registry

/// Reading on a site that needs a login (`EMPORIUM_READ_ACCESS`).
enum ReadAccess {
    /// A 401 that makes pip, uv and netrc users send their credentials; `nil` for those who may read.
    static func refusal(_ route: Route, _ headers: HTTPFields, _ index: PackageIndex, source: RequestSource) async throws -> WebResponse? {
        guard needsLogin(route, index) else { return nil }
        let identity = try await index.authenticate(AuthorizationHeader.credentials(headers[.authorization]), source: source)
        if try await index.mayRead(identity) { return nil }
        // A browser whose user has logged in on the site's pages. It only reads, so it does not matter which page it was sent from.
        if headers[.authorization] == nil, headers[.cookie] != nil {
            let session = try await BrowserSessions.open(headers, index, source: source, mustKnow: false)
            if let visitor = session.visitor, index.hasProved(visitor) { return nil }
        }
        return RejectionResponses.response(
            to: Rejection(.unauthenticated, "This index is private: send an API token as the password of the user __token__."),
            path: Problem.isTold(at: route.pattern) ? route.pattern : "/",
            accept: headers[.accept]
        )
    }

    /// What needs a login is kept by the client alone, never by a cache that others share.
    static func markPersonal(_ response: inout WebResponse, _ route: Route, _ index: PackageIndex) {
        guard needsLogin(route, index) else { return }
        response.headers[.cacheControl] = response.headers[.cacheControl]?.replacing("public", with: "private")
        response.headers[.surrogateControl] = nil
        response.vary(on: "Authorization")
        response.vary(on: "Cookie")
    }

    static func needsLogin(_ route: Route, _ index: PackageIndex) -> Bool {
        route.access == .reader && index.settings.readAccess == .authenticated
    }
}
