import Credentials
import Markup
import Registry

/// One's second factors (platform §2.2).
struct TwoFactorSettingsPage {
    static let path = "/manage/account/two-factor/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        let state = try await context.index.twoFactorState(of: user)
        return .page(
            Page(
                title: "Two-factor authentication",
                frame: PageFrame(request.session),
                section: .account,
                isPrivate: true,
                content: """
                    <p class="back"><a href="\(AccountPage.path)">\(text: "Your account")</a></p>
                    <h1>\(text: "Two-factor authentication")</h1>
                    <p class="lead">\(text: "With a second factor, a stolen password alone does not publish in your name.")</p>
                    \(optional: state.firstStep, first)
                    \(codes(state, request))
                    \(app(state, request))
                    \(keys(state, request))
                    """
            ).html
        )
    }

    private static func first(_ step: TwoFactorState.FirstStep) -> HTML { "<p class=\"note\">\(text: step.words)</p>" }

    private static func codes(_ state: TwoFactorState, _ request: WebRequest) -> HTML {
        let total = state.codesLeft + state.codesBurned
        let summary: Message =
            total == 0
            ? "You have none. They are the way back in when a device is lost."
            : state.codesBurned == 0
                ? "\(state.codesLeft) of \(total) are left. Enter one to show that you have kept them."
                : "\(state.codesLeft) of \(total) are left."
        let enter: HTML = "<p><a class=\"button\" href=\"\(RecoveryCodesPage.burnPath)\">\(text: "Enter a recovery code")</a></p>"
        return """
            <section class="panel"><h2>\(text: "Recovery codes")</h2>
            <p>\(text: summary)</p>
            \(if: total > 0 && state.codesBurned == 0, enter)
            <form method="post" action="\(RecoveryCodesPage.path)">\(FormControls.token(request.session))
            <button class="button\(if: total > 0, " quiet")">\(text: total == 0 ? "Make recovery codes" : "Make new recovery codes")</button></form>
            \(if: total > 0, "<p class=\"soft\">\(text: "New ones take the place of all that you have.")</p>")
            </section>
            """
    }

    private static func app(_ state: TwoFactorState, _ request: WebRequest) -> HTML {
        let remove: HTML = """
            <form class="inline" method="post" action="/manage/account/totp-provision/delete">\(FormControls.token(request.session))\
            <button class="button quiet small">\(text: "Remove the app")</button></form>
            """
        let setUp: HTML = """
            <p><a class="button\(if: state.hasApp, " quiet")" href="\(AppPage.path)">\
            \(text: state.hasApp ? "Set up another app" : "Set up an app")</a></p>
            """
        return """
            <section class="panel"><h2>\(text: "Authenticator app")</h2>
            <p>\(if: state.hasApp, "<span class=\"pill good\">✓ \(text: "In use")</span> ")\
            \(text: "An app on your phone or computer shows a new code every 30 seconds.")</p>
            \(if: state.firstStep == nil, setUp)
            \(if: state.hasApp && state.methods > 1, remove)
            \(if: state.hasApp && state.methods == 1, "<p class=\"soft\">\(text: "Your last second factor stays: add a security key to remove the app.")</p>")
            </section>
            """
    }

    private static func keys(_ state: TwoFactorState, _ request: WebRequest) -> HTML {
        let table: HTML = """
            <div class="scroller"><table><thead><tr><th>\(text: "Name")</th><th>\(text: "Added")</th><th>\(text: "Last used")</th><th>\(text: "Remove")</th></tr></thead>
            <tbody>\(each: state.keys, { row($0, request, mayRemove: state.methods > 1) })</tbody></table></div>
            """
        let add: HTML = """
            <p><a class="button\(if: !state.keys.isEmpty, " quiet")" href="\(SecurityKeyPage.path)">\(text: "Add a security key")</a></p>
            """
        return """
            <section class="panel"><h2>\(text: "Security keys and passkeys")</h2>
            <p>\(text: "A key that is plugged in, or your phone or computer with its screen lock. Nobody can trick you into using it on another site.")</p>
            \(if: !state.keys.isEmpty, table)
            \(if: state.firstStep == nil, add)
            </section>
            """
    }

    private static func row(_ key: SecurityKey, _ request: WebRequest, mayRemove: Bool) -> HTML {
        let remove: HTML = """
            <form class="inline" method="post" action="/manage/account/webauthn-provision/delete">\(FormControls.token(request.session))\
            <input type="hidden" name="id" value="\(key.id)"><button class="button small quiet" aria-label="\(text: "Remove \(key.label)")">\(text: "Remove")</button></form>
            """
        return """
            <tr><td>\(key.label)</td><td>\(Moment(key.createdAt).html)</td>\
            <td>\(optional: key.lastUsedAt, { Moment($0).html }, else: "\(text: "never")")</td>\
            <td class="act">\(if: mayRemove, remove, else: "<span class=\"soft\">\(text: "the last one stays")</span>")</td></tr>

            """
    }
}
