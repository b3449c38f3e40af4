import Markup
import Registry

/// How to tell of a weakness, and what the index does against some (platform §11.2).
struct SecurityPage {
    static let path = "/security/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let contact = context.index.settings.securityContact
        let frame = PageFrame(request.session)
        let place: HTML? = contact.map { "<a href=\"\($0)\" rel=\"nofollow\">\($0.hasPrefix("mailto:") ? String($0.dropFirst(7)) : $0)</a>" }
        return .page(
            Page(
                title: "Security",
                frame: frame,
                content: """
                    <div class="prose"><h1>\(text: "Security")</h1>
                    <h2>\(text: "A weakness of this index")</h2>
                    <p>\(text: place.map { Message("Tell the people who run this index, before anybody else: \($0).") }
                        ?? "Tell the people who run this index, before anybody else. They have named no address for it here.")</p>
                    <p>\(text: "Say what you did, what happened, and what you expected. Try nothing on accounts and projects that are not your own.")</p>
                    <h2>\(text: "A project that does harm")</h2>
                    <p>\(text: "Tell the same people its name and version, and what it does. Do not install it to find out.")</p>
                    <h2>\(text: "Your own account")</h2>
                    <p>\(text: "Use a password that you use nowhere else, and a second factor: a security key can not be used by a page that only looks like this one.")</p>
                    <p>\(text: "Give each machine that publishes a token of its own, for one project, with an end. Who finds one uses it.")</p>
                    </div>
                    """
            ).html
        )
    }
}
