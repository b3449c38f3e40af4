import Markup
import Registry

/// Proving that an address is one's own (platform §1.12).
struct VerifyEmailPage {
    static let unverifiedPath = "/manage/unverified-account/"

    /// Where the link in the mail leads.
    static func verify(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        do {
            let address = try await context.index.verifyEmail(request.query("token"), of: try request.currentUser(), source: request.source)
            request.session.add(.init(.good, "\(address) is verified."))
        } catch let rejection as Rejection where rejection.reason == .invalid {
            request.session.add(.init(.bad, rejection.sentence))
        }
        return .redirect(to: AccountPage.path, status: 303)
    }

    /// Another address in the place of one that was mistyped.
    static func replace(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        do {
            let address = request.form["email"] ?? ""
            try await context.index.replaceUnverifiedEmail(of: try request.currentUser(), with: address, source: request.source)
            request.session.add(.init(.good, "A mail with a link is on its way to the new address."))
            return .redirect(to: unverifiedPath, status: 303)
        } catch let rejection as Rejection {
            let shown = rejection.reason == .forbidden ? Rejection(.conflict, rejection.sentence, field: "email") : rejection
            let faults = try FormFaults(shown, fields: ["email"])
            return faults.response(try await page(request, context, faults))
        }
    }

    /// What somebody sees who has to do that first.
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard request.session.visitor?.hasVerifiedEmail == false else { return .redirect(to: AccountPage.path, status: 303) }
        return .page(try await page(request, context).html)
    }

    private static func page(_ request: WebRequest, _ context: WebContext, _ faults: FormFaults = .none) async throws -> Page {
        let details = try await context.index.accountDetails(of: try request.currentUser())
        let address = TextField(
            name: "email",
            label: "The right address",
            type: "email",
            value: request.form["email"] ?? "",
            autocomplete: "email",
            longest: 254
        )
        return Page(
            title: "Verify your email address",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <h1>\(text: "Verify your email address")</h1>
                <p class="lead">\(text: "What you wanted to do takes a primary address that is known to be yours.")</p>
                \(FormControls.summary(faults, ["email": "The right address"]))
                \(each: details.emails.filter { $0.isPrimary && !$0.isVerified }, { resend($0, request) })
                <section class="panel"><h2>\(text: "The address is wrong?")</h2>
                <form class="form" method="post" action="\(unverifiedPath)">
                \(FormControls.token(request.session))
                \(address.html(faults))
                <button class="button quiet">\(text: "Put it in the place of the other")</button>
                </form></section>
                """
        )
    }

    private static func resend(_ email: Email, _ request: WebRequest) -> HTML {
        """
        <form class="form" method="post" action="/manage/account/email/verify/">
        \(FormControls.token(request.session))
        <input type="hidden" name="id" value="\(email.id)">
        <p>\(text: "A mail with a link went to \("<strong>\(email.address)</strong>" as HTML).")</p>
        <button class="button">\(text: "Send it again")</button>
        </form>
        """
    }
}
