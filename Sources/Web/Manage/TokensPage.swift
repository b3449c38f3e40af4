import Markup
import Registry

/// One's API tokens (platform §1.19).
struct TokensPage {
    static let path = "/manage/account/token/"
    private static let labels: [String: Message] = [
        "name": "Name", "project": "Where it may publish", "reach": "What it may do", "networks": "Networks", "days": "Ends after",
    ]
    /// How long a token may hold, by what the form calls it.
    private static let spans: [(value: String, words: Message)] = [
        ("30", Message("30 days")), ("90", Message("90 days")), ("365", Message("A year")), ("", Message("Never")),
    ]
    private static let reaches: [(value: NewToken.Reach, words: Message)] = [
        (.upload, Message("Publish, and read")), (.read, Message("Read only")), (.manage, Message("Manage projects, publish, and read")),
    ]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(try await page(request, context).html)
    }

    static func create(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        do {
            var new = NewToken(description: request.form["name"] ?? "", origin: .account)
            new.projects = request.form.names(after: "project:")
            if let word = request.form["reach"] {
                guard let reach = NewToken.Reach(rawValue: word) else { throw Rejection(.invalid, "There is no such choice.", field: "reach") }
                new.reach = reach
            }
            new.networks = (request.form["networks"] ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
            if let days = request.form["days"], !days.isEmpty {
                guard spans.contains(where: { $0.value == days }), let count = Int64(days) else {
                    throw Rejection(.invalid, "There is no such span.", field: "days")
                }
                new.expiresAt = context.index.clock.now() + count * 86400 * 1_000_000
            }
            let token = try await context.index.createToken(for: user.username, new, source: request.source)
            // Shown in this very answer: it is kept nowhere.
            return .page(try await page(request, context, made: token).html)
        } catch let rejection as Rejection {
            let faults = try FormFaults(
                rejection.reason == .notFound ? Rejection(.invalid, rejection.sentence, field: rejection.field) : rejection,
                fields: Set(labels.keys)
            )
            return faults.response(try await page(request, context, faults))
        }
    }

    static func delete(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        try await context.index.revokeToken(request.form["id"] ?? "", of: user, source: request.source)
        request.session.add(.init(.good, "The token is deleted: it opens nothing any more."))
        return .redirect(to: path, status: 303)
    }

    private static func page(
        _ request: WebRequest,
        _ context: WebContext,
        made token: String? = nil,
        _ faults: FormFaults = .none
    ) async throws -> Page {
        let user = try request.currentUser()
        let tokens = try await context.index.listTokens(of: user)
        let projects = try await context.index.projectsForTokens(of: user)
        return Page(
            title: "API tokens",
            frame: PageFrame(request.session),
            section: .account,
            isPrivate: true,
            content: """
                <p class="back"><a href="\(AccountPage.path)">\(text: "Your account")</a></p>
                <h1>\(text: "API tokens")</h1>
                <p class="lead">\(text: "A token stands for you where a program publishes or installs: the user name is \("<code>__token__</code>" as HTML), the password is the token.")</p>
                \(FormControls.summary(faults, labels))
                \(optional: token, { Self.made($0, context.index.links.base) })
                \(list(tokens, request))
                \(form(projects, request, faults, wasMade: token != nil))
                """
        )
    }

    private static func made(_ token: String, _ base: String) -> HTML {
        """
        <section class="panel"><h2>\(text: "Your new token")</h2>
        <p>\(text: "Copy it now: it is shown this once, and kept nowhere.")</p>
        <p class="secret"><code id="new-token">\(token)</code>\
        <button class="button small quiet" type="button" data-copy="new-token" data-done="\(text: "Copied")" hidden>\(text: "Copy")</button></p>
        <p>\(text: "Publish with it:")</p>
        <pre tabindex="0">twine upload --repository-url \(base)/legacy/ -u __token__ -p TOKEN dist/*
        uv publish --publish-url \(base)/legacy/ --token TOKEN</pre>
        </section>
        """
    }

    private static func list(_ tokens: [ListedToken], _ request: WebRequest) -> HTML {
        guard !tokens.isEmpty else { return "<p class=\"empty\">\(text: "You have no tokens yet.")</p>" }
        return """
            <section class="panel"><h2>\(text: "Your tokens")</h2>
            <div class="scroller"><table>
            <thead><tr><th>\(text: "Name")</th><th>\(text: "May")</th><th>\(text: "Made")</th><th>\(text: "Last used")</th><th>\(text: "Ends")</th>\
            <th><span class="soft">\(text: "Delete")</span></th></tr></thead>
            <tbody>\(each: tokens, { row($0, request) })</tbody>
            </table></div>
            </section>
            """
    }

    private static func row(_ token: ListedToken, _ request: WebRequest) -> HTML {
        """
        <tr><td>\(token.description)</td>\
        <td>\(text: words(of: token))\(if: !token.networks.isEmpty, "<br><span class=\"soft\">\(text: "from \(token.networks.joined(separator: ", "))")</span>")</td>\
        <td>\(Moment(token.createdAt).html)</td>\
        <td>\(optional: token.lastUsedAt, { "\(Moment($0).html)\(use(of: token))" }, else: "\(text: "never")")</td>\
        <td>\(optional: token.expiresAt, { Moment($0).html }, else: "\(text: "never")")</td>\
        <td class="act"><form class="inline" method="post" action="/manage/account/token/delete/">\(FormControls.token(request.session))\
        <input type="hidden" name="id" value="\(token.id)">\
        <button class="button small quiet" aria-label="\(text: "Delete \(token.description)")">\(text: "Delete")</button></form></td></tr>

        """
    }

    private static func words(of token: ListedToken) -> Message {
        let projects = token.projects.joined(separator: ", ")
        switch token.reach {
        case .read: return "read the index"
        case .upload: return token.projects.isEmpty ? "publish to all your projects, and read" : "publish to \(projects)"
        case .manage: return token.projects.isEmpty ? "manage all your projects" : "manage \(projects)"
        }
    }

    /// By what, and from where.
    private static func use(of token: ListedToken) -> HTML {
        let parts = [token.lastUsedAgent.map { UserAgent($0).words } ?? "", token.lastUsedAddress ?? ""].filter { !$0.isEmpty }
        return parts.isEmpty ? .empty : "<br><span class=\"soft\">\(parts.joined(separator: " · "))</span>"
    }

    private static func form(_ projects: [String], _ request: WebRequest, _ faults: FormFaults, wasMade: Bool) -> HTML {
        let name = TextField(
            name: "name",
            label: "Name",
            value: wasMade ? "" : request.form["name"] ?? "",
            help: "What you will know it by, such as the machine it is for.",
            autocomplete: "off",
            longest: 100
        )
        let networks = TextField(
            name: "networks",
            label: "Networks",
            value: wasMade ? "" : request.form["networks"] ?? "",
            help: "Where it works from, such as 192.0.2.0/24. Nothing here: from everywhere.",
            autocomplete: "off",
            isRequired: false,
            longest: 1000
        )
        let chosen = wasMade ? [] : request.form.names(after: "project:") + [request.query("project") ?? request.query("selected_project") ?? ""]
        let reach = wasMade ? "" : request.form["reach"] ?? ""
        return """
            <section class="panel"><h2>\(text: "Make a token")</h2>
            <form class="form" method="post" action="\(path)">
            \(FormControls.token(request.session))
            \(name.html(faults))
            <div class="field"><label for="reach">\(text: "What it may do")</label>
            <select id="reach" name="reach">\
            \(each: reaches, { "<option value=\"\($0.value.rawValue)\"\(if: $0.value.rawValue == reach, " selected")>\(text: $0.words)</option>" })</select>\
            \(fault("reach", faults))</div>
            \(if: !projects.isEmpty, choice(of: projects, chosen, faults))
            \(networks.html(faults))
            <div class="field"><label for="days">\(text: "Ends after")</label>
            <select id="days" name="days">\
            \(each: spans, { "<option value=\"\($0.value)\"\(if: $0.value == (request.form["days"] ?? "90"), " selected")>\(text: $0.words)</option>" })</select></div>
            <button class="button">\(text: "Create token")</button>
            </form></section>
            """
    }

    private static func choice(of projects: [String], _ chosen: [String], _ faults: FormFaults) -> HTML {
        """
        <fieldset class="field" id="project"><legend>\(text: "Where it may publish")</legend>
        <small>\(text: "Choose none for all your projects, and new ones. A token for one project does less harm when it is lost.")</small>
        <div class="choices">\(each: projects, { "<label><input type=\"checkbox\" name=\"project:\($0)\"\(if: chosen.contains($0), " checked")> \($0)</label>" })</div>\
        \(fault("project", faults))</fieldset>
        """
    }

    private static func fault(_ field: String, _ faults: FormFaults) -> HTML {
        "\(optional: faults.fields[field], { "<p class=\"fault\" id=\"\(field)-fault\">\(text: $0)</p>" })"
    }
}
