import Markup
import Registry

/// The front page: that the index runs, and the lines to use it.
struct HomePage {
    let base: String

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .bytes(HomePage(base: context.index.links.base).html.bytes, type: "text/html; charset=UTF-8")
    }

    var html: HTML {
        PlainPage(
            title: "Emporium",
            content: """
                <h1>This package index is running.</h1>
                <p>See what it holds: <a href="/simple/">all projects</a>. Stuck? <a href="/help/">Help</a>.</p>
                <h2>Install with pip</h2>
                <pre>pip install --index-url \(base)/simple/ PACKAGE</pre>
                <h2>Install with uv</h2>
                <pre>uv pip install --index-url \(base)/simple/ PACKAGE</pre>
                <h2>Publish with twine</h2>
                <pre>twine upload --repository-url \(base)/legacy/ -u __token__ dist/*</pre>
                <h2>Publish with uv</h2>
                <pre>uv publish --publish-url \(base)/legacy/ --check-url \(base)/simple/</pre>
                """
        ).html
    }
}
