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

    /// What somebody sees who has to do that first.
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard request.session.visitor?.hasVerifiedEmail == false else { return .redirect(to: AccountPage.path, status: 303) }
        let details = try await context.index.accountDetails(of: try request.currentUser())
        let account: HTML = "<a href=\"\(AccountPage.path)\">\(text: "your account")</a>"
        return .page(
            Page(
                title: "Verify your email address",
                frame: PageFrame(request.session),
                section: .account,
                isPrivate: true,
                content: """
                    <h1>\(text: "Verify your email address")</h1>
                    <p class="lead">\(text: "What you wanted to do takes a primary address that is known to be yours.")</p>
                    \(each: details.emails.filter { $0.isPrimary && !$0.isVerified }, { resend($0, request) })
                    <p class="aside">\(text: "The address is wrong? Add another one to \(account).")</p>
                    """
            ).html
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
