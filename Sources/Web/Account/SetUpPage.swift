import Markup
import Registry

/// Makes the first administrator of an empty index, for whoever has the link that `serve` printed.
struct SetUpPage {
    static let path = "/account/set-up/"
    private static let labels: [String: Message] = [
        "username": "User name", "email": "Email address", "password": "Password", "password_confirm": "Password, again",
    ]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let secret = request.query("secret"), try await context.index.isSetUpSecret(secret) else { throw used }
        return .page(page(request, secret).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let secret = request.form["secret"] ?? ""
        guard try await context.index.isSetUpSecret(secret) else { throw used }
        do {
            let password = request.form["password"] ?? ""
            guard password == request.form["password_confirm"] else {
                throw Rejection(.invalid, "The two passwords are not the same.", field: "password_confirm")
            }
            let user = try await context.index.setUp(
                secret: secret,
                username: request.form["username"] ?? "",
                email: request.form["email"] ?? "",
                password: password,
                source: request.source
            )
            request.session.begin(for: user, in: context.index)
            request.session.add(.init(.good, "Your account is ready, and this index is yours. Make a token to publish with."))
            return .redirect(to: TokensPage.path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: Set(labels.keys))
            return faults.response(page(request, secret, faults))
        }
    }

    private static let used = Rejection(.gone, "This link has been used, or was never one. People who have an account log in.")

    private static func page(_ request: WebRequest, _ secret: String, _ faults: FormFaults = .none) -> Page {
        return Page(
            title: "Set up this index",
            frame: PageFrame(request.session),
            isPrivate: true,
            content: """
                <h1>\(text: "Set up this index")</h1>
                <p class="lead">\(text: "Nobody has an account here yet. Yours is the first, and may do everything.")</p>
                <form class="form" method="post" action="\(path)">
                \(FormControls.summary(faults, labels))
                \(FormControls.token(request.session))
                <input type="hidden" name="secret" value="\(secret)">
                \(each: AccountFields.identity(request) + AccountFields.password, { $0.html(faults) })
                <button class="button">\(text: "Create the administrator")</button>
                </form>
                """
        )
    }
}
