import Markup
import Registry

/// One's own account (platform §2.1).
struct AccountPage {
    static let path = "/manage/account/"
    private static let labels: [String: Message] = [
        "name": "Name", "email": "Email address", "public_email": "Address that everybody sees", "password": "Current password",
        "new_password": "New password", "password_confirm": "New password, again",
    ]

    let user: User
    let details: AccountDetails
    let request: WebRequest
    let faults: FormFaults

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(try await page(request, context).html)
    }

    static func changeName(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("Your name is changed.")) { user in
            try await context.index.changeName(of: user, to: request.form["name"] ?? "")
        }
    }

    static func changePassword(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("Your password is changed. Everywhere else you are logged out.")) { user in
            let new = request.form["new_password"] ?? ""
            guard new == request.form["password_confirm"] else {
                throw Rejection(.invalid, "The two passwords are not the same.", field: "password_confirm")
            }
            let changed = try await context.index.changePassword(of: user, from: request.form["password"] ?? "", to: new, source: request.source)
            request.session.confirm(changed, in: context.index)
        }
    }

    static func showEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("Your public profile is changed.")) { user in
            let id = request.form["public_email"] ?? ""
            try await context.index.showEmail(id.isEmpty ? nil : Int64(id) ?? 0, of: user)
        }
    }

    static func addEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("A mail with a link is on its way to the new address.")) { user in
            try await context.index.addEmail(request.form["email"] ?? "", of: user, source: request.source)
        }
    }

    static func removeEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("The address is removed.")) { user in
            try await context.index.removeEmail(request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        }
    }

    static func makePrimary(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("Mails go to that address from now on.")) { user in
            try await context.index.makePrimary(request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        }
    }

    static func verifyEmail(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await change(request, context, Message("The mail is on its way once more.")) { user in
            try await context.index.resendVerification(of: request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        }
    }

    private static func change(
        _ request: WebRequest,
        _ context: WebContext,
        _ words: Message,
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
        return Page(
            title: "Your account",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: AccountPage(user: user, details: details, request: request, faults: faults).content
        )
    }

    private var content: HTML {
        """
        <h1>\(text: "Your account")</h1>
        \(FormControls.summary(faults, Self.labels))
        <dl class="facts">
        <dt>\(text: "User name")</dt><dd>\(user.username)</dd>
        <dt>\(text: "Since")</dt><dd>\(Moment(details.createdAt).html)</dd>
        \(if: user.isSuperuser, "<dt>\(text: "Rights")</dt><dd>\(text: "Administrator")</dd>")
        </dl>
        <section class="panel"><h2>\(text: "API tokens")</h2>
        <p>\(text: tokens)</p>
        <p><a class="button quiet" href="\(TokensPage.path)">\(text: "API tokens")</a></p>
        </section>
        <section class="panel"><h2>\(text: "Two-factor authentication")</h2>
        <p>\(if: user.hasSecondFactor, "<span class=\"pill good\">✓ \(text: "In use")</span>", else: "\(text: "You have no second factor: the password alone opens this account.")")</p>
        <p><a class="button quiet" href="\(TwoFactorSettingsPage.path)">\(text: "Second factors")</a></p>
        </section>
        \(emails)
        \(profile)
        \(password)
        \(history)
        \(deletion)
        """
    }

    private var tokens: Message {
        switch details.tokenCount {
        case 0: "You have none. A token is what you publish with."
        case let count: Message(count: count, one: "You have one.", other: "You have \(count).")
        }
    }

    /// Name, and what else everybody sees.
    private var profile: HTML {
        let name = TextField(
            name: "name",
            label: "Name",
            value: request.form["name"] ?? user.name,
            help: "What others see beside your user name.",
            autocomplete: "name",
            isRequired: false,
            longest: 100
        )
        let verified = details.emails.filter(\.isVerified)
        return """
            <section class="panel"><h2>\(text: "Public profile")</h2>
            <p><a href="\(ProfilePage.path(of: user.username))">\(text: "As everybody sees it")</a></p>
            <form class="form" method="post" action="/manage/account/name/">
            \(FormControls.token(request.session))
            \(name.html(faults))
            <button class="button">\(text: "Change the name")</button>
            </form>
            <form class="form" method="post" action="/manage/account/email/public/">
            \(FormControls.token(request.session))
            <div class="field"><label for="public_email">\(text: "Address that everybody sees")</label>
            <select id="public_email" name="public_email"><option value="">\(text: "None")</option>
            \(each: verified, { "<option value=\"\($0.id)\"\(if: $0.isPublic, " selected")>\($0.address)</option>" })</select></div>
            <button class="button quiet">\(text: "Change the address")</button>
            </form></section>
            """
    }

    private var password: HTML {
        let fields = [
            TextField(name: "password", label: "Current password", type: "password", autocomplete: "current-password"),
            TextField(name: "new_password", label: "New password", type: "password", help: "At least 8 characters.", autocomplete: "new-password"),
            TextField(name: "password_confirm", label: "New password, again", type: "password", autocomplete: "new-password"),
        ]
        return """
            <section class="panel"><h2>\(text: "Password")</h2>
            <form class="form" method="post" action="/manage/account/password/">
            \(FormControls.token(request.session))
            <input type="hidden" name="username" autocomplete="username" value="\(user.username)">
            \(each: fields, { $0.html(faults) })
            <button class="button">\(text: "Change the password")</button>
            </form></section>
            """
    }

    private var deletion: HTML {
        """
        <section class="panel"><h2>\(text: "Delete this account")</h2>
        <p>\(text: "What you have published stays. The account, its tokens and its roles are gone for good.")</p>
        <p><a class="button quiet" href="\(DeleteAccountPage.path)">\(text: "Delete this account")</a></p>
        </section>
        """
    }
}
