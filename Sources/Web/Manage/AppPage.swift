import Credentials
import Markup
import Registry

/// Setting up an authenticator app (platform §2.2).
struct AppPage {
    static let path = "/manage/account/totp-provision"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        guard try await context.index.twoFactorState(of: user).firstStep == nil else { return .redirect(to: TwoFactorSettingsPage.path, status: 303) }
        // Another one each time: what was on a screen before is worth nothing.
        let totp = TOTP()
        request.session.setEnrolment(context.index.sealEnrolment(totp, of: user))
        return .page(page(request, totp, user).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        guard let sealed = request.session.current.session.enrolment, let totp = context.index.openEnrolment(sealed, of: user) else {
            return .redirect(to: path, status: 303)
        }
        do {
            let changed = try await context.index.enrolApp(totp, code: request.form["totp_value"] ?? "", of: user, source: request.source)
            request.session.setEnrolment(nil)
            request.session.add(.init(.good, "\(changed.username), your authenticator app is in use from now on."))
            return .redirect(to: TwoFactorSettingsPage.path, status: 303)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: ["totp_value"])
            return faults.response(page(request, totp, user, faults))
        }
    }

    static func remove(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        _ = try await context.index.removeApp(of: user, source: request.source)
        request.session.add(.init(.good, "The authenticator app is removed."))
        return .redirect(to: TwoFactorSettingsPage.path, status: 303)
    }

    private static func page(_ request: WebRequest, _ totp: TOTP, _ user: User, _ faults: FormFaults = .none) -> Page {
        let code = TextField(
            name: "totp_value",
            label: "Code",
            help: "Six digits, as the app shows them now.",
            autocomplete: "one-time-code",
            isFocused: true,
            longest: 12
        )
        let groups = stride(from: 0, to: totp.secretText.count, by: 4).map { String(totp.secretText.dropFirst($0).prefix(4)) }
        let address = totp.provisioningURI(issuer: "Emporium", account: user.username)
        return Page(
            title: "Set up an authenticator app",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <p class="back"><a href="\(TwoFactorSettingsPage.path)">\(text: "Two-factor authentication")</a></p>
                <h1>\(text: "Set up an authenticator app")</h1>
                <ol class="prose"><li>\(text: "Scan this with the app, or type the secret into it.")</li><li>\(text: "Enter the code that the app shows.")</li></ol>
                \(optional: QRCode(address), { $0.svg(label: "QR code with the secret below") })
                <dl class="facts"><dt>\(text: "Secret")</dt><dd><code>\(groups.joined(separator: " "))</code></dd></dl>
                <form class="form" method="post" action="\(path)">
                \(FormControls.summary(faults, ["totp_value": "Code"]))
                \(FormControls.token(request.session))
                \(code.html(faults))
                <button class="button">\(text: "Use this app")</button>
                </form>
                """
        )
    }
}
