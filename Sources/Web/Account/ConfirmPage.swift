import Markup
import Registry

/// Asks for the password again before what matters (sudo mode, platform §1.10).
struct ConfirmPage {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let next = SafeRedirect.next(request.query("next"))
        guard !request.session.isConfirmed else { return .redirect(to: next ?? AccountPage.path, status: 303) }
        return .page(page(request, next).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let next = SafeRedirect.next(request.form["next"])
        let user = try request.currentUser()
        do {
            try await context.index.confirmPassword(of: user, request.form["password"] ?? "", source: request.source)
            request.session.confirm(user, in: context.index)
            return .redirect(to: next ?? AccountPage.path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: ["password"])
            return faults.response(page(request, next, faults))
        }
    }

    private static func page(_ request: WebRequest, _ next: String?, _ faults: FormFaults = .none) -> Page {
        let password = TextField(name: "password", label: "Password", type: "password", autocomplete: "current-password", isFocused: true)
        return Page(
            title: "Confirm your password",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <h1>\(text: "Confirm your password")</h1>
                <p class="lead">\(text: "What comes next can change who publishes in your name, so it asks again after half an hour.")</p>
                <form class="form" method="post" action="/account/reauthenticate/">
                \(FormControls.summary(faults, ["password": "Password"]))
                \(FormControls.token(request.session))
                \(optional: next, { "<input type=\"hidden\" name=\"next\" value=\"\($0)\">" })
                <input type="hidden" name="username" autocomplete="username" value="\(request.session.visitor?.user.username ?? "")">
                \(password.html(faults))
                <button class="button">\(text: "Confirm")</button>
                </form>
                """
        )
    }
}
