import Credentials
import Markup
import Registry

/// Adding and removing security keys (platform §2.2).
struct SecurityKeyPage {
    static let path = "/manage/account/webauthn-provision"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        guard try await context.index.twoFactorState(of: user).firstStep == nil else { return .redirect(to: TwoFactorSettingsPage.path, status: 303) }
        let label = TextField(
            name: "label",
            label: "Name",
            help: "What you will know it by, such as the color of the key.",
            autocomplete: "off",
            isFocused: true,
            longest: 64
        )
        let form = KeyForm(ceremony: "create", options: "\(path)/options", validate: "\(path)/validate", button: "Add the key")
        let app: HTML = "<a href=\"\(AppPage.path)\">\(text: "authenticator app")</a>"
        let named = RelyingParty.of(request, context.index.links) != nil
        return .page(
            Page(
                title: "Add a security key",
                frame: PageFrame(request.session),
                section: .account,
                isPrivate: true,
                content: """
                    <p class="back"><a href="\(TwoFactorSettingsPage.path)">\(text: "Two-factor authentication")</a></p>
                    <h1>\(text: "Add a security key")</h1>
                    <p class="lead">\(text: "The browser asks you to touch the key, or to unlock your device.")</p>
                    \(if: named, form.html(request.session, extra: label.html(.none)), else: unnamed)
                    <noscript><p class="note">\
                    \(text: "Security keys take JavaScript, which is switched off here. An \(app) works without it.")</p></noscript>
                    """
            ).html
        )
    }

    private static var unnamed: HTML {
        let app: HTML = "<a href=\"\(AppPage.path)\">\(text: "Set up an authenticator app")</a>"
        return "<p class=\"note\">\(text: KeyAnswer.noName) \(app)</p>"
    }

    static func options(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        return try await KeyAnswer.options(request, context) { site, challenge in
            try await context.index.securityKeyOptions(for: user, at: site, challenge: challenge).json
        }
    }

    static func validate(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        return try await KeyAnswer.validate(request, context) { site, challenge, response in
            _ = try await context.index.registerSecurityKey(
                response,
                label: request.form["label"] ?? "",
                challenge: challenge,
                of: user,
                at: site,
                source: request.source
            )
            request.session.add(.init(.good, "The key is in use from now on."))
            return .redirect(to: TwoFactorSettingsPage.path, status: 303)
        }
    }

    static func remove(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        _ = try await context.index.removeSecurityKey(request.form["id"].flatMap { Int64($0) } ?? 0, of: user, source: request.source)
        request.session.add(.init(.good, "The key is removed."))
        return .redirect(to: TwoFactorSettingsPage.path, status: 303)
    }
}
