import Markup
import Registry

/// Deleting one's own account (platform §1.15).
struct DeleteAccountPage {
    static let path = "/manage/account/delete/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(try await page(request, context).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        do {
            guard request.form["confirm_username"] == user.username else {
                throw Rejection(.invalid, "That is not your user name, as it is written above.", field: "confirm_username")
            }
            try await context.index.deleteAccount(of: user, password: request.form["password"] ?? "", source: request.source)
            request.session.end()
            request.session.add(.init(.good, "Your account is deleted."))
            return .redirect(to: "/", status: 303)
        } catch let rejection as Rejection {
            // Whoever may not is told on the page.
            let shown = rejection.reason == .forbidden ? Rejection(.conflict, rejection.sentence) : rejection
            let faults = try FormFaults(shown, fields: ["password", "confirm_username"])
            return faults.response(try await page(request, context, faults))
        }
    }

    private static func page(_ request: WebRequest, _ context: WebContext, _ faults: FormFaults = .none) async throws -> Page {
        let user = try request.currentUser()
        let orphans = try await context.index.solelyOwnedProjects(of: user)
        return Page(
            title: "Delete your account",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <p class="back"><a href="\(AccountPage.path)">\(text: "Your account")</a></p>
                <h1>\(text: "Delete your account")</h1>
                \(if: orphans.isEmpty, form(request, user, faults), else: refusal(orphans))
                """
        )
    }

    private static func refusal(_ projects: [String]) -> HTML {
        """
        <p class="note warn">\(text: "You are the only owner of these projects. Make somebody else an owner, or delete them, first.")</p>
        <ul>\(each: projects, { "<li>\($0)</li>" })</ul>
        """
    }

    private static func form(_ request: WebRequest, _ user: User, _ faults: FormFaults) -> HTML {
        let name = TextField(
            name: "confirm_username",
            label: "Your user name, to be sure",
            value: request.form["confirm_username"] ?? "",
            autocomplete: "off",
            longest: 50
        )
        let password = TextField(name: "password", label: "Password", type: "password", autocomplete: "current-password")
        return """
            <p class="lead">\(text: "The account \("<strong>\(user.username)</strong>" as HTML) is deleted at once, with its tokens and its roles. That can not be taken back.")</p>
            <p>\(text: "What you have published stays where it is. The user name is free again, for anybody.")</p>
            <form class="form" method="post" action="\(path)">
            \(FormControls.summary(faults, ["confirm_username": "Your user name, to be sure", "password": "Password"]))
            \(FormControls.token(request.session))
            \(name.html(faults))
            \(password.html(faults))
            <button class="button danger">\(text: "Delete the account for good")</button>
            </form>
            """
    }
}
