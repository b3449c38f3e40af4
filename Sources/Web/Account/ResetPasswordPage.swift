import Markup
import Registry

/// A new password for whoever has forgotten theirs (platform §1.11).
struct ResetPasswordPage {
    static let requestPath = "/account/request-password-reset/"
    static let path = "/account/reset-password/"
    private static let labels: [String: Message] = ["new_password": "New password", "password_confirm": "New password, again"]

    static func showRequest(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let name = TextField(
            name: "username_or_email",
            label: "User name or email address",
            autocomplete: "username",
            isFocused: true,
            longest: 254
        )
        return .page(
            Page(
                title: "Forgotten password",
                frame: PageFrame(request.session),
                section: .logIn,
                isPrivate: true,
                content: """
                    <h1>\(text: "Forgotten password")</h1>
                    <p class="lead">\(text: "A mail with a link to set a new one goes to the address of the account.")</p>
                    <form class="form" method="post" action="\(requestPath)">
                    \(FormControls.token(request.session))
                    \(name.html(.none))
                    <button class="button">\(text: "Send the link")</button>
                    </form>
                    """
            ).html
        )
    }

    static func submitRequest(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await context.index.requestPasswordReset(of: request.form["username_or_email"] ?? "", source: request.source)
        // The same for everybody: nobody learns who has an account.
        return .page(
            Page(
                title: "Look into your mail",
                frame: PageFrame(request.session),
                section: .logIn,
                isPrivate: true,
                content: """
                    <h1>\(text: "Look into your mail")</h1>
                    <p class="lead">\(text: "If there is such an account, and its address is verified, a link is on its way. It holds for 6 hours.")</p>
                    """
            ).html
        )
    }

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        do {
            let user = try await context.index.user(resettingBy: request.query("token"))
            return .page(page(request, user.username, request.query("token") ?? "").html)
        } catch let rejection as Rejection where rejection.reason == .invalid {
            return refused(rejection, request)
        }
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let token = request.form["token"] ?? ""
        let user: User
        do { user = try await context.index.user(resettingBy: token) } catch let rejection as Rejection where rejection.reason == .invalid {
            return refused(rejection, request)
        }
        do {
            let new = request.form["new_password"] ?? ""
            guard new == request.form["password_confirm"] else {
                throw Rejection(.invalid, "The two passwords are not the same.", field: "password_confirm")
            }
            try await context.index.resetPassword(token, to: new, source: request.source)
            request.session.add(.init(.good, "Your password is set. Log in with it."))
            return .redirect(to: LoginPage.path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: Set(labels.keys))
            return faults.response(page(request, user.username, token, faults))
        }
    }

    private static func refused(_ rejection: Rejection, _ request: WebRequest) -> WebResponse {
        request.session.add(.init(.bad, rejection.sentence))
        return .redirect(to: requestPath, status: 303)
    }

    private static func page(_ request: WebRequest, _ username: String, _ token: String, _ faults: FormFaults = .none) -> Page {
        let fields = [
            TextField(
                name: "new_password",
                label: "New password",
                type: "password",
                help: "At least 8 characters; several words that do not belong together are best.",
                autocomplete: "new-password",
                isFocused: true
            ),
            TextField(name: "password_confirm", label: "New password, again", type: "password", autocomplete: "new-password"),
        ]
        return Page(
            title: "Set a new password",
            frame: PageFrame(request.session),
            section: .logIn,
            isPrivate: true,
            content: """
                <h1>\(text: "Set a new password")</h1>
                <p class="lead">\(text: "For \(username).")</p>
                <form class="form" method="post" action="\(path)">
                \(FormControls.summary(faults, labels))
                \(FormControls.token(request.session))
                <input type="hidden" name="token" value="\(token)">
                <input type="hidden" name="username" autocomplete="username" value="\(username)">
                \(each: fields, { $0.html(faults) })
                <button class="button">\(text: "Set the password")</button>
                </form>
                """
        )
    }
}
