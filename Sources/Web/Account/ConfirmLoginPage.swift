import Markup
import Registry

/// A login from a place that its user has never come from (platform §1.9): they open a mailed link first.
struct ConfirmLoginPage {
    static let path = "/account/confirm-login/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let token = request.query("token") else { return .page(waiting(request).html) }
        do {
            let user = try await context.index.user(confirmingBy: token, source: request.source)
            return .page(question(request, user, token).html)
        } catch let rejection as Rejection where rejection.reason == .invalid {
            return refuse(rejection, request)
        }
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        do {
            let (user, next) = try await context.index.confirmPlace(by: request.form["token"], source: request.source)
            return try await LoginEnd.finish(user, next: SafeRedirect.next(next), request, context)
        } catch let rejection as Rejection where rejection.reason == .invalid {
            return refuse(rejection, request)
        }
    }

    private static func refuse(_ rejection: Rejection, _ request: WebRequest) -> WebResponse {
        request.session.add(.init(.bad, rejection.sentence))
        return .redirect(to: LoginPage.path, status: 303)
    }

    private static func waiting(_ request: WebRequest) -> Page {
        Page(
            title: "Look into your mail",
            frame: PageFrame(request.session),
            section: .logIn,
            isPrivate: true,
            content: """
                <h1>\(text: "Look into your mail")</h1>
                <p class="lead">\(text: "You have never logged in from here, so a mail with a link is on its way to your primary address.")</p>
                <p>\(text: "Open the link on this device: it works nowhere else, and for 6 hours. From then on this place is known.")</p>
                <p class="aside"><a href="\(LoginPage.path)">\(text: "Log in another way")</a></p>
                """
        )
    }

    private static var newPassword: HTML { "<a href=\"\(ResetPasswordPage.requestPath)\">\(text: "Set a new password at once")</a>" }

    /// Programs that look into mails open links; none sends this form.
    private static func question(_ request: WebRequest, _ user: User, _ token: String) -> Page {
        Page(
            title: "Log in from here",
            frame: PageFrame(request.session),
            section: .logIn,
            isPrivate: true,
            content: """
                <h1>\(text: "Log in from here")</h1>
                <p class="lead">\(text: "Somebody logged in as \("<strong>\(user.username)</strong>" as HTML) with the password and a code. Go on only if that was you, just now.")</p>
                <form class="form" method="post" action="\(path)">
                \(FormControls.token(request.session))
                <input type="hidden" name="token" value="\(token)">
                <button class="button">\(text: "It was me: log in")</button>
                </form>
                <p class="aside">\(text: "It was not you? \(newPassword): whoever it was knows yours.")</p>
                """
        )
    }
}
