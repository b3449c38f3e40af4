// What stands before the pages of a browser.

import HTTPTypes
import Registry

/// Runs routes that look at the session: who asks, whether the form is our own, and whether the password was given lately (platform §0.3, §1.10).
struct SessionRoutes {
    let index: PackageIndex
    let settings: WebSettings

    /// The response of `handler`, or of what stood in its way.
    func respond(
        to request: WebRequest,
        _ route: Route,
        _ handler: (WebRequest) async throws -> WebResponse
    ) async throws -> WebResponse {
        let session = try await BrowserSessions.open(
            request.headers,
            index,
            source: request.source,
            mustKnow: route.access != .anyone || route.csrf == .form
        )
        var request = request
        request.session = session
        var response: WebResponse
        do {
            response = try await answer(&request, route, handler)
        } catch let rejection as Rejection {
            response = RejectionResponses.page(rejection, frame: PageFrame(session))
        }
        try await BrowserSessions.close(session, index, isSecure: request.isSecure || settings.requiresHTTPS, &response)
        return response
    }

    private func answer(
        _ request: inout WebRequest,
        _ route: Route,
        _ handler: (WebRequest) async throws -> WebResponse
    ) async throws -> WebResponse {
        let isUnsafe = request.method == .post
        if isUnsafe, route.csrf == .form {
            try checkOrigin(request)
            request.form = try await SubmittedForm.read(request)
            guard request.session.isFormToken(request.form["csrf_token"] ?? "") else {
                throw Rejection(
                    .forbidden,
                    "This form was not sent from this site's own page, or has been open for too long. Go back, reload the page, and try again."
                )
            }
        }
        if case .user(let confirmed, let unverified, let withoutFactor) = route.access {
            // Who was interrupted in a form comes back to its page.
            let next = isUnsafe ? Self.page(of: request.path) : request.path + (request.rawQuery.map { "?\($0)" } ?? "")
            guard let visitor = request.session.visitor else { return redirect(LoginPage.path, next) }
            if !unverified, !visitor.hasVerifiedEmail { return .redirect(to: VerifyEmailPage.unverifiedPath, status: 303) }
            if index.lacksFactor(visitor), !unverified, !withoutFactor {
                request.session.add(.init(.plain, "This index asks everybody for a second factor. Add one first."))
                return .redirect(to: TwoFactorSettingsPage.path, status: 303)
            }
            if confirmed, !request.session.isConfirmed { return redirect("/account/reauthenticate/", next) }
        }
        return try await handler(request)
    }

    private static let table = RouteTable(Routes.all)

    private static func isPage(_ path: String) -> Bool { if case .found = table.match(.get, path) { true } else { false } }

    /// The page that a form stands on: what it is sent to may be no page, but lies below it.
    static func page(of target: String) -> String {
        var path = target
        // No page lies deeper, and each step matches the whole path again.
        guard path.utf8.lazy.filter({ $0 == UInt8(ascii: "/") }).prefix(Self.deepestPage + 1).count <= Self.deepestPage else { return "/" }
        while !path.isEmpty {
            if let page = [path, path + "/"].first(where: isPage) { return page }
            path = String(path[..<(path.dropLast(path.hasSuffix("/") ? 1 : 0).lastIndex(of: "/") ?? path.startIndex)])
        }
        return "/"
    }

    /// How many slashes the path of a page can have; members of archives lie deeper, and are not what a form stands on.
    private static let deepestPage = 12

    private func redirect(_ path: String, _ next: String) -> WebResponse {
        .redirect(to: "\(path)?next=\(SafeRedirect.queryValue(next))", status: 303)
    }

    /// Browsers say whose page a form was on: with the token this keeps out what another site's page sends.
    private func checkOrigin(_ request: WebRequest) throws {
        let site = request.headers[.secFetchSite]
        var isForeign = site != nil && site != "same-origin" && site != "none"
        if let origin = request.headers[.origin], !request.origins(index.links, settings.hosts).contains(origin) { isForeign = true }
        if isForeign { throw Rejection(.forbidden, "This form was sent from another site's page.") }
    }
}
