import Markup
import Registry

/// Making an account (platform §1.6).
struct RegisterPage {
    static let path = "/account/register/"
    private static let labels = [
        "username": "User name", "name": "Name", "email": "Email address", "password": "Password", "password_confirm": "Password, again",
    ]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard request.session.visitor == nil else { return .redirect(to: AccountPage.path, status: 303) }
        guard try await context.index.takesRegistrations() else {
            throw Rejection(.forbidden, "New accounts are made by the people who run this index.")
        }
        return .page(page(request).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        // People do not see this field; programs fill it in.
        if request.form["confirm_form"]?.isEmpty == false { return .redirect(to: "/", status: 303) }
        do {
            let password = request.form["password"] ?? ""
            guard password == request.form["password_confirm"] else {
                throw Rejection(.invalid, "The two passwords are not the same.", field: "password_confirm")
            }
            let user = try await context.index.register(
                username: request.form["username"] ?? "",
                name: request.form["name"] ?? "",
                email: request.form["email"] ?? "",
                password: password,
                source: request.source
            )
            request.session.begin(for: user, in: context.index)
            request.session.add(.init(.good, "Your account is made. Open the link in the mail that is on its way to you."))
            return .redirect(to: AccountPage.path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: Set(labels.keys))
            return faults.response(page(request, faults))
        }
    }

    private static func page(_ request: WebRequest, _ faults: FormFaults = .none) -> Page {
        let name = TextField(
            name: "name",
            label: "Name",
            value: request.form["name"] ?? "",
            help: "What others see beside your user name.",
            autocomplete: "name",
            isRequired: false,
            longest: 100
        )
        return Page(
            title: "Register",
            frame: PageFrame(request.session),
            isPrivate: true,
            content: """
                <h1>Register</h1>
                <form class="form" method="post" action="\(path)">
                \(FormControls.summary(faults, labels))
                \(FormControls.token(request.session))
                <div class="trap" aria-hidden="true"><label for="confirm_form">Leave this empty</label>\
                <input id="confirm_form" name="confirm_form" tabindex="-1" autocomplete="off"></div>
                \(each: AccountFields.identity(request), { $0.html(faults) })
                \(name.html(faults))
                \(each: AccountFields.password, { $0.html(faults) })
                <button class="button">Create the account</button>
                </form>
                <p class="aside">You have one? <a href="\(LoginPage.path)">Log in</a>.</p>
                """
        )
    }
}
