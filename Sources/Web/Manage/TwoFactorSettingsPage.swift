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
                    <p class="back"><a href="\(AccountPage.path)">Your account</a></p>
                    <h1>Two-factor authentication</h1>
                    <p class="lead">With a second factor, a stolen password alone does not publish in your name.</p>
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
        let summary: HTML =
            total == 0
            ? "<p>You have none. They are the way back in when a device is lost.</p>"
            : "<p>\(state.codesLeft) of \(total) are left.\(if: state.codesBurned == 0, " Enter one to show that you have kept them.")</p>"
        return """
            <section class="panel"><h2>Recovery codes</h2>
            \(summary)
            \(if: total > 0 && state.codesBurned == 0, "<p><a class=\"button\" href=\"\(RecoveryCodesPage.burnPath)\">Enter a recovery code</a></p>")
            <form method="post" action="\(RecoveryCodesPage.path)">\(FormControls.token(request.session))
            <button class="button\(if: total > 0, " quiet")">\(total == 0 ? "Make recovery codes" : "Make new recovery codes")</button></form>
            \(if: total > 0, "<p class=\"soft\">New ones take the place of all that you have.</p>")
            </section>
            """
    }

    private static func app(_ state: TwoFactorState, _ request: WebRequest) -> HTML {
        let remove: HTML = """
            <form class="inline" method="post" action="/manage/account/totp-provision/delete">\(FormControls.token(request.session))\
            <button class="button quiet small">Remove the app</button></form>
            """
        return """
            <section class="panel"><h2>Authenticator app</h2>
            <p>\(if: state.hasApp, "<span class=\"pill good\">✓ In use</span> An app on your device shows a new code every 30 seconds.",
                else: "An app on your phone or computer shows a new code every 30 seconds.")</p>
            \(if: state.firstStep == nil, "<p><a class=\"button\(if: state.hasApp, " quiet")\" href=\"\(AppPage.path)\">\(state.hasApp ? "Set up another app" : "Set up an app")</a></p>")
            \(if: state.hasApp && state.methods > 1, remove)
            \(if: state.hasApp && state.methods == 1, "<p class=\"soft\">Your last second factor stays: add a security key to remove the app.</p>")
            </section>
            """
    }

    private static func keys(_ state: TwoFactorState, _ request: WebRequest) -> HTML {
        let table: HTML = """
            <div class="scroller"><table><thead><tr><th>Name</th><th>Added</th><th>Last used</th><th>Remove</th></tr></thead>
            <tbody>\(each: state.keys, { row($0, request, mayRemove: state.methods > 1) })</tbody></table></div>
            """
        return """
            <section class="panel"><h2>Security keys and passkeys</h2>
            <p>A key that is plugged in, or your phone or computer with its screen lock. Nobody can trick you into using it on another site.</p>
            \(if: !state.keys.isEmpty, table)
            \(if: state.firstStep == nil, "<p><a class=\"button\(if: !state.keys.isEmpty, " quiet")\" href=\"\(SecurityKeyPage.path)\">Add a security key</a></p>")
            </section>
            """
    }

    private static func row(_ key: SecurityKey, _ request: WebRequest, mayRemove: Bool) -> HTML {
        let remove: HTML = """
            <form class="inline" method="post" action="/manage/account/webauthn-provision/delete">\(FormControls.token(request.session))\
            <input type="hidden" name="id" value="\(key.id)"><button class="button small quiet" aria-label="Remove \(key.label)">Remove</button></form>
            """
        return """
            <tr><td>\(key.label)</td><td>\(Moment(key.createdAt).html)</td>\
            <td>\(optional: key.lastUsedAt, { Moment($0).html }, else: "never")</td>\
            <td class="act">\(if: mayRemove, remove, else: "<span class=\"soft\">the last one stays</span>")</td></tr>

            """
    }
}
