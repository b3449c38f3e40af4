import Registry

/// What every login ends with.
enum LoginEnd {
    /// The session begins, and the browser goes on to where it wanted.
    static func finish(_ user: User, next: String?, _ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        request.session.begin(for: user, in: context.index)
        if try await context.index.tellsOfTerms(user) {
            request.session.add(.init(.plain, "The terms of service have changed. The link at the foot of the page leads to them."))
        }
        return .redirect(to: next ?? AccountPage.path, status: 303)
    }
}
