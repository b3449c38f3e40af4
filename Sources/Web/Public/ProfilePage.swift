import Markup
import Packaging
import Registry

/// What everybody may know of a user (platform §1.6).
struct ProfilePage {
    static func path(of username: String) -> String { "/user/\(username)/" }

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let name = request.parameters["username"] ?? ""
        guard let profile = try await context.index.profile(of: name) else { throw Rejection(.notFound, "There is no user called \(name).") }
        // One address for each page.
        guard name == profile.username else { return .redirect(to: path(of: profile.username), status: 301) }
        return .page(page(profile, PageFrame(request.session)).html)
    }

    static func showShort(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .redirect(to: SafeRedirect.location(path: path(of: request.parameters["username"] ?? ""), query: nil), status: 301)
    }

    private static func page(_ profile: Profile, _ frame: PageFrame) -> Page {
        Page(
            title: "\(profile.name)",
            frame: frame,
            content: """
                <h1>\(profile.name)</h1>
                <dl class="facts">
                <dt>\(text: "User name")</dt><dd>\(profile.username)</dd>
                <dt>\(text: "Since")</dt><dd>\(Moment(profile.joinedAt).html)</dd>
                \(optional: profile.email, { "<dt>\(text: "Email address")</dt><dd><a href=\"mailto:\($0)\" rel=\"nofollow\">\($0)</a></dd>" })
                </dl>
                <section class="panel"><h2>\(text: Message(count: profile.projects.count, one: "1 project", other: "\(profile.projects.count) projects"))</h2>
                \(if: profile.projects.isEmpty, "<p class=\"empty\">\(text: "No projects yet.")</p>", else: "<ul class=\"plain\">\(each: profile.projects, project)</ul>")
                </section>
                """
        )
    }

    private static func project(_ entry: Profile.Entry) -> HTML {
        """
        <li><strong><a href="/project/\(NormalizedName(normalizing: entry.name).value)/">\(entry.name)</a></strong>\
        \(optional: entry.releasedAt, { " <span class=\"soft\">\(Moment($0).html)</span>" })\
        \(if: !entry.summary.isEmpty, "<br>\(entry.summary)")</li>

        """
    }
}
