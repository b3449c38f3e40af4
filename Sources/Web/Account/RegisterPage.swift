import Backends
import Markup
import Registry

/// Making an account (platform §1.6).
struct RegisterPage {
    static let path = "/account/register/"
    private static let labels: [String: Message] = [
        "username": "User name", "name": "Name", "email": "Email address", "password": "Password", "password_confirm": "Password, again",
    ]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard request.session.visitor == nil else { return .redirect(to: AccountPage.path, status: 303) }
        guard try await context.index.takesRegistrations() else {
            throw Rejection(.forbidden, "New accounts are made by the people who run this index.")
        }
        return response(.page(page(request, context).html), context)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        // People do not see this field; programs fill it in.
        if request.form["confirm_form"]?.isEmpty == false { return .redirect(to: "/", status: 303) }
        do {
            let password = request.form["password"] ?? ""
            guard password == request.form["password_confirm"] else {
                throw Rejection(.invalid, "The two passwords are not the same.", field: "password_confirm")
            }
            if let captcha = context.index.captcha {
                guard await captcha.accepts(request.form[captcha.widget.field] ?? "", from: request.source.address) else {
                    throw Rejection(.invalid, "Show once more that you are no program.")
                }
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
            return response(faults.response(page(request, context, faults)), context)
        }
    }

    /// The captcha is another site's: this page lets it in, and no other does.
    private static func response(_ response: WebResponse, _ context: WebContext) -> WebResponse {
        var response = response
        response.contentHosts = context.index.captcha?.widget.hosts ?? []
        return response
    }

    private static func page(_ request: WebRequest, _ context: WebContext, _ faults: FormFaults = .none) -> Page {
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
                <h1>\(text: "Register")</h1>
                <form class="form" method="post" action="\(path)">
                \(FormControls.summary(faults, labels))
                \(FormControls.token(request.session))
                <div class="trap" aria-hidden="true"><label for="confirm_form">\(text: "Leave this empty")</label>\
                <input id="confirm_form" name="confirm_form" tabindex="-1" autocomplete="off"></div>
                \(each: AccountFields.identity(request), { $0.html(faults) })
                \(name.html(faults))
                \(each: AccountFields.password, { $0.html(faults) })
                \(optional: context.index.captcha, captcha)
                \(if: context.index.settings.terms != nil, "<p class=\"soft\">\(text: "Whoever makes an account agrees to \(terms).")</p>")
                <button class="button">\(text: "Create the account")</button>
                </form>
                <p class="aside">\(text: "You have one? \(logIn).")</p>
                """
        )
    }

    private static var logIn: HTML { "<a href=\"\(LoginPage.path)\">\(text: "Log in")</a>" }
    private static var terms: HTML { "<a href=\"\(TermsPage.path)\">\(text: "the terms of service")</a>" }

    private static func captcha(_ captcha: Captcha) -> HTML {
        """
        <div class="\(captcha.widget.elementClass)" data-sitekey="\(captcha.siteKey)"></div>
        <script src="\(captcha.widget.script)" async defer></script>
        <noscript><p class="note">\(text: "Registering takes JavaScript here, which is switched off.")</p></noscript>
        """
    }
}
