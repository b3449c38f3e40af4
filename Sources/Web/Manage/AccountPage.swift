import Markup
import Registry

/// One's own account (platform §2.1).
struct AccountPage {
    static let path = "/manage/account/"
    private static let labels = [
        "name": "Name", "email": "Email address", "password": "Current password", "new_password": "New password",
        "password_confirm": "New password, again",
    ]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(try await page(request, context).html)
    }

    static func changeName(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, "Your name is changed.") { user in
            try await context.index.changeName(of: user, to: request.form["name"] ?? "")
        }
    }

    static func changePassword(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, "Your password is changed. Everywhere else you are logged out.") { user in
            let new = request.form["new_password"] ?? ""
            guard new == request.form["password_confirm"] else {
                throw Rejection(.invalid, "The two passwords are not the same.", field: "password_confirm")
            }
            let changed = try await context.index.changePassword(of: user, from: request.form["password"] ?? "", to: new, source: request.source)
            request.session.confirm(changed, in: context.index)
        }
    }

    static func addEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, "A mail with a link is on its way to the new address.") { user in
            try await context.index.addEmail(request.form["email"] ?? "", of: user, source: request.source)
        }
    }

    static func removeEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, "The address is removed.") { user in
            try await context.index.removeEmail(request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        }
    }

    static func makePrimary(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, "Mails go to that address from now on.") { user in
            try await context.index.makePrimary(request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        }
    }

    static func verifyEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, "The mail is on its way once more.") { user in
            try await context.index.resendVerification(of: request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        }
    }

    private static func change(
        _ request: WebRequest,
        _ context: WebContext,
        _ words: String,
        _ body: (User) async throws -> Void
    ) async throws -> WebResponse {
        let user = try request.currentUser()
        do {
            try await body(user)
            request.session.add(.init(.good, words))
            return .redirect(to: path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: Set(labels.keys))
            return faults.response(try await page(request, context, faults))
        }
    }

    private static func page(_ request: WebRequest, _ context: WebContext, _ faults: FormFaults = .none) async throws -> Page {
        let user = try request.currentUser()
        let details = try await context.index.accountDetails(of: user)
        let name = TextField(
            name: "name",
            label: "Name",
            value: request.form["name"] ?? user.name,
            help: "What others see beside your user name.",
            autocomplete: "name",
            isRequired: false,
            longest: 100
        )
        let address = TextField(
            name: "email",
            label: "Email address",
            type: "email",
            value: faults.fields["email"] == nil ? "" : request.form["email"] ?? "",
            autocomplete: "email",
            longest: 254
        )
        let passwords = [
            TextField(name: "password", label: "Current password", type: "password", autocomplete: "current-password"),
            TextField(name: "new_password", label: "New password", type: "password", help: "At least 8 characters.", autocomplete: "new-password"),
            TextField(name: "password_confirm", label: "New password, again", type: "password", autocomplete: "new-password"),
        ]
        return Page(
            title: "Your account",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <h1>Your account</h1>
                \(FormControls.summary(faults, labels))
                <dl class="facts">
                <dt>User name</dt><dd>\(user.username)</dd>
                <dt>Since</dt><dd>\(Moment(details.createdAt).html)</dd>
                \(if: user.isSuperuser, "<dt>Rights</dt><dd>Administrator</dd>")
                </dl>
                <section class="panel"><h2>API tokens</h2>
                <p>\(tokens(details.tokenCount))</p>
                <p><a class="button quiet" href="\(TokensPage.path)">API tokens</a></p>
                </section>
                <section class="panel"><h2>Two-factor authentication</h2>
                <p>\(if: user.hasSecondFactor, "<span class=\"pill good\">✓ In use</span>", else: "You have no second factor: the password alone opens this account.")</p>
                <p><a class="button quiet" href="\(TwoFactorSettingsPage.path)">Second factors</a></p>
                </section>
                <section class="panel"><h2>Email addresses</h2>
                <div class="scroller"><table><thead><tr><th>Address</th><th>State</th><th>Change</th></tr></thead><tbody>
                \(each: details.emails, { email($0, request) })
                </tbody></table></div>
                <form class="form" method="post" action="/manage/account/email/add/">
                \(FormControls.token(request.session))
                \(address.html(faults))
                <button class="button quiet">Add an address</button>
                </form>
                </section>
                <section class="panel"><h2>Name</h2>
                <form class="form" method="post" action="/manage/account/name/">
                \(FormControls.token(request.session))
                \(name.html(faults))
                <button class="button">Change the name</button>
                </form></section>
                <section class="panel"><h2>Password</h2>
                <form class="form" method="post" action="/manage/account/password/">
                \(FormControls.token(request.session))
                <input type="hidden" name="username" autocomplete="username" value="\(user.username)">
                \(each: passwords, { $0.html(faults) })
                <button class="button">Change the password</button>
                </form></section>
                <section class="panel"><h2>Security history</h2>
                <p class="soft">What happened to this account in the last 90 days.</p>
                <div class="scroller"><table><thead><tr><th>What</th><th>When</th><th>From</th></tr></thead><tbody>
                \(each: details.events, event)
                </tbody></table></div>
                </section>
                """
        )
    }

    private static func tokens(_ count: Int) -> HTML {
        switch count {
        case 0: "You have none. A token is what you publish with."
        case 1: "You have one."
        default: "You have \(count)."
        }
    }

    private static func email(_ email: Email, _ request: WebRequest) -> HTML {
        func button(_ action: String, _ words: String) -> HTML {
            """
            <form class="inline" method="post" action="/manage/account/email/\(action)/">\(FormControls.token(request.session))\
            <input type="hidden" name="id" value="\(email.id)">\
            <button class="button small quiet" aria-label="\(words): \(email.address)">\(words)</button></form>
            """
        }
        return """
            <tr><td>\(email.address)</td><td>\
            \(if: email.isPrimary, "<span class=\"pill\">Primary</span> ")\
            \(if: email.isVerified, "<span class=\"pill good\">✓ Verified</span>", else: "<span class=\"pill warn\">Not verified</span>")</td>\
            <td>\(if: !email.isVerified, button("verify", "Send the mail again")) \(if: email.isVerified && !email.isPrimary, button("primary", "Make primary")) \
            \(if: !email.isPrimary, button("delete", "Remove"))</td></tr>

            """
    }

    private static func event(_ event: SecurityEvent) -> HTML {
        "<tr><td>\(event.words)</td><td>\(Moment(event.happenedAt).html)</td><td>\(event.address ?? "this machine")</td></tr>\n"
    }
}
