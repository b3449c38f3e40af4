import Credentials
import HTTPTypes
import Markup
import Registry

/// The second step of a login (platform §1.6, §1.9).
struct TwoFactorPage {
    static let path = "/account/two-factor/"
    private static let labels: [String: Message] = ["totp_value": "Code"]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let user = try await pending(request, context) else { return lapsed(request) }
        return .page(try await page(request, context, user).html)
    }

    static func submit(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let user = try await pending(request, context) else { return lapsed(request) }
        do {
            let code = request.form["totp_value"] ?? ""
            let known = try await context.index.finishLogin(of: user, code: code, next: next(request), source: request.source)
            return try await finish(known, request, context)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: Set(labels.keys))
            return faults.response(try await page(request, context, user, faults))
        }
    }

    /// What a key has to sign.
    static func options(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let user = try await pending(request, context) else { return KeyAnswer.failed(message: "This login has lapsed; log in again.") }
        return try await KeyAnswer.options(request, context) { site, challenge in
            try await context.index.assertionOptions(for: user, at: site, challenge: challenge).json
        }
    }

    static func validate(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let user = try await pending(request, context) else { return KeyAnswer.failed(message: "This login has lapsed; log in again.") }
        return try await KeyAnswer.validate(request, context) { site, challenge, response in
            let known = try await context.index.finishLogin(of: user, assertion: response, challenge: challenge, at: site, source: request.source)
            return try await finish(known, request, context)
        }
    }

    // MARK: A passkey alone

    static func passkeyOptions(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await KeyAnswer.options(request, context) { site, challenge in
            try await context.index.assertionOptions(for: nil, at: site, challenge: challenge).json
        }
    }

    static func passkeyValidate(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await KeyAnswer.validate(request, context) { site, challenge, response in
            let user = try await context.index.finishLogin(of: nil, assertion: response, challenge: challenge, at: site, source: request.source)
            return try await LoginEnd.finish(user, next: SafeRedirect.next(request.form["next"]), request, context)
        }
    }

    // MARK: A recovery code

    static func showRecovery(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard try await pending(request, context) != nil else { return lapsed(request) }
        return .page(recoveryPage(request).html)
    }

    static func submitRecovery(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let user = try await pending(request, context) else { return lapsed(request) }
        do {
            let code = request.form["recovery_code_value"] ?? ""
            let known = try await context.index.finishLogin(of: user, recoveryCode: code, next: next(request), source: request.source)
            return try await finish(known, request, context)
        } catch let rejection as Rejection {
            let faults = try FormFaults(rejection, fields: ["recovery_code_value"])
            return faults.response(recoveryPage(request, faults))
        }
    }

    // MARK: Both

    private static func pending(_ request: WebRequest, _ context: WebContext) async throws -> User? {
        try await context.index.pendingUser(of: request.session.current.session)
    }

    private static func lapsed(_ request: WebRequest) -> WebResponse {
        request.session.add(.init(.bad, "That took too long; log in again."))
        return .redirect(to: LoginPage.path, status: 303)
    }

    private static func next(_ request: WebRequest) -> String? { request.session.current.session.pending?.next }

    /// - Parameter user: `nil` where a mail has to be answered first.
    private static func finish(_ user: User?, _ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let next = next(request)
        guard let user else {
            // What was shown counts for the link in the mail alone.
            request.session.end()
            return .redirect(to: ConfirmLoginPage.path, status: 303)
        }
        var response = try await LoginEnd.finish(user, next: next, request, context)
        if request.form["remember_device"] != nil {
            response.headers.append(RememberedDevice.field(for: user, in: context.index, isSecure: request.isSecure || context.settings.requiresHTTPS))
            try await context.index.noteRememberedDevice(of: user, source: request.source)
        }
        return response
    }

    private static var remember: HTML {
        """
        <div class="choice"><input type="checkbox" id="remember_device" name="remember_device">\
        <label for="remember_device">\(text: "Ask for the password alone on this device, for 30 days")</label></div>
        """
    }

    private static func page(_ request: WebRequest, _ context: WebContext, _ user: User, _ faults: FormFaults = .none) async throws -> Page {
        let state = try await context.index.twoFactorState(of: user)
        let code = TextField(
            name: "totp_value",
            label: "Code",
            help: "Six digits, as your authenticator app shows them now.",
            autocomplete: "one-time-code",
            isFocused: true,
            longest: 12
        )
        let app: HTML = """
            <form class="form" method="post" action="\(path)">
            \(FormControls.summary(faults, labels))
            \(FormControls.token(request.session))
            \(code.html(faults))
            \(remember)
            <button class="button">\(text: "Log in")</button>
            </form>
            """
        let noScript: HTML = "<noscript><p class=\"note\">\(text: "Security keys take JavaScript, which is switched off here.")</p></noscript>"
        let mayUseKeys = !state.keys.isEmpty && RelyingParty.of(request, context.index.links) != nil
        let key: HTML = KeyForm(
            ceremony: "get",
            options: "/account/webauthn-authenticate/options",
            validate: "/account/webauthn-authenticate/validate",
            button: "Use a security key"
        ).html(request.session)
        let recovery: HTML = "<a href=\"/account/recovery-code/\">\(text: "Use a recovery code")</a>"
        return Page(
            title: "Second step",
            frame: PageFrame(request.session),
            section: .logIn,
            isPrivate: true,
            content: """
                <h1>\(text: "Second step")</h1>
                <p class="lead">\(text: "The password was right. Now show that it is you in another way.")</p>
                \(if: state.hasApp, app)
                \(if: mayUseKeys, key)
                \(if: mayUseKeys, noScript)
                <p class="aside">\(text: "Neither at hand? \(recovery).")</p>
                """
        )
    }

    private static func recoveryPage(_ request: WebRequest, _ faults: FormFaults = .none) -> Page {
        let code = TextField(
            name: "recovery_code_value",
            label: "Recovery code",
            help: "One of the eight that you were shown. Each works once.",
            autocomplete: "off",
            isFocused: true,
            longest: 40
        )
        return Page(
            title: "Recovery code",
            frame: PageFrame(request.session),
            section: .logIn,
            isPrivate: true,
            content: """
                <h1>\(text: "Recovery code")</h1>
                <form class="form" method="post" action="/account/recovery-code/">
                \(FormControls.summary(faults, ["recovery_code_value": "Recovery code"]))
                \(FormControls.token(request.session))
                \(code.html(faults))
                <button class="button">\(text: "Log in")</button>
                </form>
                <p class="aside"><a href="\(path)">\(text: "Back to the other ways")</a></p>
                """
        )
    }
}
