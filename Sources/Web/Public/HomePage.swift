import Markup
import Registry

/// The front page: that the index runs, and the lines to use it.
struct HomePage {
    let base: String
    let frame: PageFrame

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .page(HomePage(base: context.index.links.base, frame: PageFrame(request.session)).html)
    }

    var html: HTML {
        Page(
            title: "Emporium",
            frame: frame,
            content: """
                <h1>This package index is running</h1>
                <p class="lead">It serves Python packages to pip, uv and every other installer. See what it holds: \
                <a href="/simple/">all projects</a>.</p>
                <div class="steps">
                <section>
                <h2>Install with pip</h2>
                <pre tabindex="0">pip install --index-url \(base)/simple/ PACKAGE</pre>
                </section>
                <section>
                <h2>Install with uv</h2>
                <pre tabindex="0">uv pip install --index-url \(base)/simple/ PACKAGE</pre>
                </section>
                <section>
                <h2>Publish with twine</h2>
                <pre tabindex="0">twine upload --repository-url \(base)/legacy/ -u __token__ dist/*</pre>
                </section>
                <section>
                <h2>Publish with uv</h2>
                <pre tabindex="0">uv publish --publish-url \(base)/legacy/ --check-url \(base)/simple/</pre>
                </section>
                </div>
                <p class="aside">Publishing takes an API token: \
                \(if: frame.username == nil, "<a href=\"/account/login/?next=/manage/account/token/\">log in</a> and make one.",
                else: "<a href=\"/manage/account/token/\">make one</a>.")</p>
                """
        ).html
    }
}
