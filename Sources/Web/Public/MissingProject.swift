import Backends
import Markup
import Packaging
import Registry

/// What whoever asks for a project that is not there may have meant (platform §11.5).
enum MissingProject {
    static func page(_ name: String, _ request: WebRequest, _ context: WebContext) async -> WebResponse {
        // Names only; whoever asks for many is shown none.
        let results = try? await context.index.findProjects(String(name.prefix(100)), from: request.source)
        var alike = [results?.suggestion].compactMap { $0 } + (results?.hits.map(\.name) ?? [])
        var seen: Set<String> = []
        alike = alike.filter { seen.insert($0).inserted }
        let search: HTML = "<a href=\"\(SearchPage.path)?q=\(SafeRedirect.queryValue(name))\">\(text: "Search for it")</a>"
        var response = WebResponse.page(
            Page(
                title: "\(404) \(StatusWords.title(of: 404))",
                frame: PageFrame(request.session),
                isPrivate: true,
                content: """
                    <div class="prose">
                    <p class="soft">404</p>
                    <h1>\(text: "There is no project called \(name)")</h1>
                    <p>\(text: "It may have another name, or stand in another index.") \(search).</p>
                    \(if: !alike.isEmpty, "<h2>\(text: "Names like it")</h2><ul>\(each: alike.prefix(5), link)</ul>")
                    <p><a href="/">\(text: "Front page")</a> · <a href="/help/">\(text: "Help")</a></p>
                    </div>
                    """
            ).html,
            status: 404
        )
        // It names other projects, which may go.
        response.isMomentary = true
        return response
    }

    private static func link(_ name: String) -> HTML { "<li><a href=\"/project/\(NormalizedName(normalizing: name).value)/\">\(name)</a></li>" }
}
