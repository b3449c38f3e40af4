import Localization
import Markup
import Registry

/// What the frame of a page shows about who looks at it.
struct PageFrame: Sendable, Hashable {
    /// `nil` where nobody is logged in.
    var username: String?
    var notices: [Session.Notice] = []
    /// Whether the site has terms of service.
    var hasTerms = false
    /// Whether mails can be read on a page.
    var hasOutbox = false

    /// For everybody.
    static let anonymous = PageFrame()

    private init() {}

    /// For whoever this session belongs to. Notices that wait are shown by it, and gone.
    init(_ session: RequestSession) {
        username = session.visitor?.user.username
        hasTerms = session.site.hasTerms
        hasOutbox = session.site.hasOutbox
        notices = session.takeNotices()
    }
}

/// A page of the site in its frame.
struct Page {
    /// A place in the navigation.
    enum Section { case projects, help, account, logIn }

    /// `nil`: the front page, which is called as the site is.
    let title: Message?
    var frame = PageFrame.anonymous
    var section: Section?
    /// Whether search engines should keep away.
    var isPrivate = false
    let content: HTML

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="\(Language.current.tag)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(optional: title, { "\(text: $0) · " })Emporium</title>
        \(if: isPrivate, "<meta name=\"robots\" content=\"noindex\">")
        <link rel="stylesheet" href="\(Assets.styleSheet.path)">
        <link rel="icon" type="image/svg+xml" href="\(Assets.logo.path)">
        <script type="module" src="\(Assets.script.path)"></script>
        </head>
        <body>
        <a class="skip" href="#main">\(text: "Skip to content")</a>
        <header class="top"><div class="wrap">
        <a class="brand" href="/"><img src="\(Assets.logo.path)" alt="" width="28" height="28">Emporium</a>
        <nav aria-label="\(text: "Site")">
        \(link("/simple/", text: "All projects", .projects))
        \(link("/help/", text: "Help", .help))
        \(optional: frame.username, account, else: link("/account/login/", text: "Log in", .logIn))
        </nav>
        </div></header>
        <main id="main" class="wrap">
        \(each: frame.notices, notice)
        \(content)
        </main>
        <footer class="bottom"><div class="wrap"><a href="/help/">\(text: "Help")</a><a href="/simple/">\(text: "All projects")</a>\
        \(if: frame.hasTerms, "<a href=\"\(TermsPage.path)\">\(text: "Terms of service")</a>")\
        \(if: frame.hasOutbox, "<a href=\"\(OutboxPage.path)\">\(text: "Outbox")</a>")\
        <nav aria-label="\(text: "Language")">\(each: Language.all, LocalePage.link)</nav><span>Emporium</span></div></footer>
        </body>
        </html>
        """
    }

    private func link(_ path: String, text: Message, _ section: Section) -> HTML {
        "<a href=\"\(path)\"\(if: self.section == section, " aria-current=\"page\"")>\(text: text)</a>"
    }

    private func account(_ username: String) -> HTML {
        "\(link("/manage/account/", text: "\(username)", .account))\n<a href=\"/account/logout/\">\(text: "Log out")</a>"
    }

    private func notice(_ notice: Session.Notice) -> HTML {
        let kind = notice.kind == .plain ? "" : " \(notice.kind.rawValue)"
        return "<p class=\"note\(kind)\" role=\"status\">\(notice.text)</p>\n"
    }
}
