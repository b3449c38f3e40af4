import Markup
import Registry

/// One's API tokens (platform §1.19).
struct TokensPage {
    static let path = "/manage/account/token/"
    private static let labels = ["name": "Name", "project": "Where it may publish", "days": "Ends after"]
    /// How long a token may hold, by what the form calls it.
    private static let spans = [
        (value: "30", words: "30 days"), (value: "90", words: "90 days"), (value: "365", words: "A year"), (value: "", words: "Never"),
    ]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(try await page(request, context).html)
    }

    static func create(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let user = try request.currentUser()
        do {
            var new = NewToken(description: request.form["name"] ?? "", origin: .account)
            if let project = request.form["project"], !project.isEmpty { new.project = project }
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
                rejection.reason == .notFound ? Rejection(.invalid, rejection.message, field: rejection.field) : rejection,
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
                <p class="back"><a href="\(AccountPage.path)">Your account</a></p>
                <h1>API tokens</h1>
                <p class="lead">A token stands for you where a program publishes: the user name is <code>__token__</code>, the password is the token.</p>
                \(FormControls.summary(faults, labels))
                \(optional: token, { Self.made($0, context.index.links.base) })
                \(list(tokens, request))
                \(form(projects, request, faults, wasMade: token != nil))
                """
        )
    }

    private static func made(_ token: String, _ base: String) -> HTML {
        """
        <section class="panel"><h2>Your new token</h2>
        <p>Copy it now: it is shown this once, and kept nowhere.</p>
        <p class="secret"><code id="new-token">\(token)</code>\
        <button class="button small quiet" type="button" data-copy="new-token" data-done="Copied" hidden>Copy</button></p>
        <p>Publish with it:</p>
        <pre tabindex="0">twine upload --repository-url \(base)/legacy/ -u __token__ -p TOKEN dist/*
        uv publish --publish-url \(base)/legacy/ --token TOKEN</pre>
        </section>
        """
    }

    private static func list(_ tokens: [ListedToken], _ request: WebRequest) -> HTML {
        guard !tokens.isEmpty else { return "<p class=\"empty\">You have no tokens yet.</p>" }
        return """
            <section class="panel"><h2>Your tokens</h2>
            <div class="scroller"><table>
            <thead><tr><th>Name</th><th>For</th><th>Made</th><th>Last used</th><th>Ends</th><th><span class="soft">Delete</span></th></tr></thead>
            <tbody>\(each: tokens, { row($0, request) })</tbody>
            </table></div>
            </section>
            """
    }

    private static func row(_ token: ListedToken, _ request: WebRequest) -> HTML {
        """
        <tr><td>\(token.description)</td>\
        <td>\(if: token.projects.isEmpty, "all your projects", else: HTML(escaping: token.projects.joined(separator: ", ")))</td>\
        <td>\(Moment(token.createdAt).html)</td>\
        <td>\(optional: token.lastUsedAt, { Moment($0).html }, else: "never")</td>\
        <td>\(optional: token.expiresAt, { Moment($0).html }, else: "never")</td>\
        <td class="act"><form class="inline" method="post" action="/manage/account/token/delete/">\(FormControls.token(request.session))\
        <input type="hidden" name="id" value="\(token.id)">\
        <button class="button small quiet" aria-label="Delete \(token.description)">Delete</button></form></td></tr>

        """
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
        let chosen = request.form["project"] ?? request.query("project") ?? ""
        return """
            <section class="panel"><h2>Make a token</h2>
            <form class="form" method="post" action="\(path)">
            \(FormControls.token(request.session))
            \(name.html(faults))
            <div class="field"><label for="project">Where it may publish</label>
            <small id="project-help">A token for one project does less harm when it is lost.</small>
            <select id="project" name="project" aria-describedby="project-help"><option value="">All your projects, and new ones</option>
            \(each: projects, { "<option value=\"\($0)\"\(if: $0 == chosen, " selected")>\($0)</option>" })</select></div>
            <div class="field"><label for="days">Ends after</label>
            <select id="days" name="days">\
            \(each: spans, { "<option value=\"\($0.value)\"\(if: $0.value == (request.form["days"] ?? "90"), " selected")>\($0.words)</option>" })</select></div>
            <button class="button">Create token</button>
            </form></section>
            """
    }
}
