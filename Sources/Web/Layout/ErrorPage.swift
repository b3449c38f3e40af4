import Markup

/// What a person sees when something is not there or not allowed.
struct ErrorPage {
    let status: Int
    let title: String
    let message: String
    var frame = PageFrame.anonymous

    var html: HTML {
        Page(
            title: "\(status) \(title)",
            frame: frame,
            isPrivate: true,
            content: """
                <div class="prose">
                <p class="soft">\(status)</p>
                <h1>\(title)</h1>
                <p>\(message)</p>
                <p><a href="/">Front page</a> · <a href="/help/">Help</a></p>
                </div>
                """
        ).html
    }
}
