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
        let all: HTML = "<a href=\"/simple/\">\(text: "all projects")</a>"
        let logIn: HTML = "<a href=\"/account/login/?next=/manage/account/token/\">\(text: "log in")</a>"
        let make: HTML = "<a href=\"/manage/account/token/\">\(text: "make one")</a>"
        return Page(
            title: nil,
            frame: frame,
            content: """
                <h1>\(text: "This package index is running")</h1>
                <p class="lead">\(text: "It serves Python packages to pip, uv and every other installer. See what it holds: \(all).")</p>
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
                <p class="aside">\(text: frame.username == nil
                    ? "Publishing takes an API token: \(logIn) and make one." : "Publishing takes an API token: \(make).")</p>
                """
        ).html
    }
}
