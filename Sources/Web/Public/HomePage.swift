import Markup
import Registry

/// The front page: search, what the index holds, and the lines to use it (platform §11.2).
struct HomePage {
    let base: String
    /// `nil` for those who may not see it.
    let counts: SiteCounts?
    let newest: [NewEntry]
    let frame: PageFrame

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let index = context.index
        let frame = PageFrame(request.session)
        // A site that needs a login says nothing of what it holds to those who have none.
        let mayRead = index.settings.readAccess == .anonymous || frame.username != nil
        let counts = mayRead ? try await index.siteCounts() : nil
        let newest = mayRead ? try await index.newestReleases(limit: 8) : []
        return .page(HomePage(base: index.links.base, counts: counts, newest: newest, frame: frame).html)
    }

    var html: HTML {
        Page(
            title: nil,
            frame: frame,
            content: """
                <section class="welcome"><h1>\(text: "Find, install and publish Python packages")</h1>
                \(optional: counts, { $0.projects > 0 ? browse($0) : "<p class=\"lead\">\(text: "This index is running, and is empty yet. Publish the first package.")</p>" },
                  else: "<p class=\"lead\">\(text: "This index is running. What it holds is shown to those who log in.")</p>")
                </section>
                <div class="steps">
                <section>
                <h2>\(text: "Install with pip")</h2>
                <pre tabindex="0">pip install --index-url \(base)/simple/ PACKAGE</pre>
                </section>
                <section>
                <h2>\(text: "Install with uv")</h2>
                <pre tabindex="0">uv pip install --index-url \(base)/simple/ PACKAGE</pre>
                </section>
                <section>
                <h2>\(text: "Publish with twine")</h2>
                <pre tabindex="0">twine upload --repository-url \(base)/legacy/ -u __token__ dist/*</pre>
                </section>
                <section>
                <h2>\(text: "Publish with uv")</h2>
                <pre tabindex="0">uv publish --publish-url \(base)/legacy/ --check-url \(base)/simple/</pre>
                </section>
                </div>
                <p class="aside">\(text: token)</p>
                \(if: !newest.isEmpty, news)
                """
        ).html
    }

    private var token: Message {
        let logIn: HTML = "<a href=\"/account/login/?next=/manage/account/token/\">\(text: "log in")</a>"
        let make: HTML = "<a href=\"/manage/account/token/\">\(text: "make one")</a>"
        return frame.username == nil ? "Publishing takes an API token: \(logIn) and make one." : "Publishing takes an API token: \(make)."
    }

    private func browse(_ counts: SiteCounts) -> HTML {
        let all: HTML = "<a href=\"\(SearchPage.path)\">\(text: "browse all projects")</a>"
        return """
            <form class="search large" action="\(SearchPage.path)"><input type="search" name="q" maxlength="1000" autocomplete="off" list="names" \
            aria-label="\(text: "Search projects")" placeholder="\(text: "Search projects")"> <button class="button">\(text: "Search")</button></form>
            <p class="soft">\(text: "Or \(all).")</p>
            \(SiteNumbers(counts: counts).html)
            """
    }

    private var news: HTML {
        """
        <section class="panel"><h2>\(text: "New releases")</h2><ul class="plain news">\(each: newest, entry)</ul>
        <p><a href="/rss/updates.xml">\(text: "Feed of new releases")</a></p></section>
        """
    }

    private func entry(_ entry: NewEntry) -> HTML {
        """
        <li><strong><a href="/project/\(entry.normalizedName)/">\(entry.project)</a></strong> \(entry.version) \
        <span class="soft">\(Moment(entry.createdAt).html)</span>\(if: !entry.summary.isEmpty, "<br>\(entry.summary)")</li>

        """
    }
}
