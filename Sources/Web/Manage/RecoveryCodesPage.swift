import Credentials
import Markup
import Registry

/// Recovery codes: shown once, then one of them is entered (platform §2.2).
struct RecoveryCodesPage {
    static let path = "/manage/account/recovery-codes/generate"
    static let burnPath = "/manage/account/recovery-codes/burn"

    static func make(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        let codes = try await context.index.makeRecoveryCodes(of: user, source: request.source)
        return .page(
            Page(
                title: "Your recovery codes",
                frame: PageFrame(request.session),
                section: .account,
                isPrivate: true,
                content: """
                    <h1>\(text: "Your recovery codes")</h1>
                    <p class="lead">\(text: "Keep them where you keep your passwords. They are shown this once; each of them works once.")</p>
                    <div class="secret"><code class="codes" id="codes">\(each: codes, { "\($0.text)\n" })</code>\
                    <button class="button small quiet" type="button" data-copy="codes" data-done="\(text: "Copied")" hidden>\(text: "Copy")</button></div>
                    <p class="aside"><a class="button" href="\(burnPath)">\(text: "I have kept them")</a></p>
                    """
            ).html
        )
    }

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse { .page(page(request).html) }

    static func burn(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        do {
            try await context.index.burnRecoveryCode(request.form["recovery_code_value"] ?? "", of: user, source: request.source)
            request.session.add(.init(.good, "That was one of them. Now add a second factor."))
            return .redirect(to: TwoFactorSettingsPage.path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: ["recovery_code_value"])
            return faults.response(page(request, faults))
        }
    }

    private static func page(_ request: WebRequest, _ faults: FormFaults = .none) -> Page {
        let code = TextField(name: "recovery_code_value", label: "Recovery code", autocomplete: "off", isFocused: true, longest: 40)
        return Page(
            title: "Enter a recovery code",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <p class="back"><a href="\(TwoFactorSettingsPage.path)">\(text: "Two-factor authentication")</a></p>
                <h1>\(text: "Enter a recovery code")</h1>
                <p class="lead">\(text: "Any one of the eight, to show that you have kept them. It is used up by this.")</p>
                <form class="form" method="post" action="\(burnPath)">
                \(FormControls.summary(faults, ["recovery_code_value": "Recovery code"]))
                \(FormControls.token(request.session))
                \(code.html(faults))
                <button class="button">\(text: "Use this code")</button>
                </form>
                """
        )
    }
}
