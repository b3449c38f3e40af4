import Markup
import Registry

/// Ends a session, when its user says so: a link on another page can not.
struct LogoutPage {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let visitor = request.session.visitor else { return .redirect(to: "/", status: 303) }
        return .page(
            Page(
                title: "Log out",
                frame: PageFrame(request.session),
                isPrivate: true,
                content: """
                    <h1>\(text: "Log out")</h1>
                    <p class="lead">\(text: "You are logged in as \(visitor.user.username).")</p>
                    <form class="form" method="post" action="/account/logout/">
                    \(FormControls.token(request.session))
                    <p><button class="button">\(text: "Log out")</button></p>
                    </form>
                    """
            ).html
        )
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        request.session.end()
        request.session.add(.init(.plain, "You are logged out."))
        return .redirect(to: "/", status: 303)
    }
}
