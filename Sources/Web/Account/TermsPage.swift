import Registry

/// The terms of service, which stand elsewhere (platform §1.16).
enum TermsPage {
    static let path = "/account/view-terms-of-service/"

    /// Who is logged in has seen them.
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let terms = context.index.settings.terms else { throw Rejection(.notFound, "This index has no terms of service.") }
        if let user = request.session.visitor?.user { try await context.index.noteTermsViewed(by: user) }
        return .redirect(to: terms.url, status: 303)
    }
}
