import Markup

/// What a person sees when something is not there or not allowed.
struct ErrorPage {
    let status: Int
    let title: String
    let message: String

    var html: HTML {
        PlainPage(
            title: "\(status) \(title)",
            content: """
                <h1>\(title)</h1>
                <p>\(message)</p>
                <p><a href="/">Home</a></p>
                """
        ).html
    }
}
