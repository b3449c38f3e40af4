import HTTPTypes
import Markup
import Registry

/// User name and password (platform §1.6, §1.7), or a passkey.
struct LoginPage {
    static let path = "/account/login/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let next = SafeRedirect.next(request.query("next"))
        guard request.session.visitor == nil else { return .redirect(to: next ?? AccountPage.path, status: 303) }
        return .page(try await page(request, context, next).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let next = SafeRedirect.next(request.form["next"])
        let username = request.form["username"] ?? ""
        do {
            let step = try await context.index.logIn(
                username,
                password: request.form["password"] ?? "",
                device: RememberedDevice.token(in: request.headers),
                source: request.source
            )
            switch step {
            case .done(let user):
                return try await LoginEnd.finish(user, next: next, request, context)
            case .secondFactor(let user):
                request.session.hold(user, next: next, in: context.index)
                return .redirect(to: TwoFactorPage.path, status: 303)
            }
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: [])
            return faults.response(try await page(request, context, next, username: username, faults))
        }
    }

    private static func page(
        _ request: WebRequest,
        _ context: WebContext,
        _ next: String?,
        username: String = "",
        _ faults: FormFaults = .none
    ) async throws -> Page {
        let isOpen = try await context.index.takesRegistrations()
        let register: HTML = "<a href=\"\(RegisterPage.path)\">\(text: "Register")</a>"
        let command: HTML = "<code>emporium user create NAME --email ADDRESS</code>"
        let name = TextField(name: "username", label: "User name", value: username, autocomplete: "username", isFocused: true, longest: 50)
        let password = TextField(name: "password", label: "Password", type: "password", autocomplete: "current-password")
        return Page(
            title: "Log in",
            frame: PageFrame(request.session),
            section: .logIn,
            isPrivate: true,
            content: """
                <h1>\(text: "Log in")</h1>
                \(FormControls.summary(faults, [:]))
                <form class="form" method="post" action="\(path)">
                \(FormControls.token(request.session))
                \(optional: next, { "<input type=\"hidden\" name=\"next\" value=\"\($0)\">" })
                \(name.html(faults))
                \(password.html(faults))
                <button class="button">\(text: "Log in")</button>
                </form>
                \(if: RelyingParty.of(request, context.index.links) != nil, passkey(request, next))
                <p class="aside"><a href="\(ResetPasswordPage.requestPath)">\(text: "Forgotten your password?")</a></p>
                <p class="aside">\(text: isOpen ? "No account? \(register)." : "No account? The people who run this index make them: \(command).")</p>
                """
        )
    }

    /// Hidden until the script says that this browser knows passkeys.
    private static func passkey(_ request: WebRequest, _ next: String?) -> HTML {
        KeyForm(ceremony: "get", options: "/account/passkey/options", validate: "/account/passkey/validate", button: "Log in with a passkey")
            .html(request.session, extra: "\(optional: next, { "<input type=\"hidden\" name=\"next\" value=\"\($0)\">" })")
    }
}
