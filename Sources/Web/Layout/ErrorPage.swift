import Localization
import Markup

/// What a person sees when something is not there or not allowed.
struct ErrorPage {
    let status: Int
    let title: Message
    let message: Message
    var frame = PageFrame.anonymous

    var html: HTML {
        Page(
            title: "\(status) \(title)",
            frame: frame,
            isPrivate: true,
            content: """
                <div class="prose">
                <p class="soft">\(status)</p>
                <h1>\(text: title)</h1>
                <p>\(text: message)</p>
                <p><a href="/">\(text: "Front page")</a> · <a href="/help/">\(text: "Help")</a></p>
                </div>
                """
        ).html
    }
}
