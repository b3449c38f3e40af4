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
    /// What the search field holds.
    var searched = ""

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
    /// What search engines and other sites say of it.
    var about: About?
    let content: HTML

    /// A page as others show it (Open Graph).
    struct About: Sendable, Hashable {
        /// Absolute; of all addresses of the page the one to keep.
        let address: String
        let title: String
        let summary: String
        /// Where programs find the same, by media type.
        var alternates: [Alternate] = []
    }

    /// The same in another form.
    struct Alternate: Sendable, Hashable {
        let type: String
        /// Root-relative.
        let path: String
    }

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="\(Language.current.tag)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(optional: title, { "\(text: $0) · " })Emporium</title>
        \(if: isPrivate, "<meta name=\"robots\" content=\"noindex\">")
        \(optional: about, { """
            <link rel="canonical" href="\($0.address)"><meta name="description" content="\($0.summary)">
            <meta property="og:url" content="\($0.address)"><meta property="og:title" content="\($0.title)">
            <meta property="og:description" content="\($0.summary)"><meta property="og:type" content="website">
            \(each: $0.alternates, { "<link rel=\"alternate\" type=\"\($0.type)\" href=\"\($0.path)\">" })
            """ })
        <link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml" title="Emporium">
        <link rel="stylesheet" href="\(Assets.styleSheet.path)">
        <link rel="icon" type="image/svg+xml" href="\(Assets.logo.path)">
        <script type="module" src="\(Assets.script.path)"></script>
        </head>
        <body>
        <a class="skip" href="#main">\(text: "Skip to content")</a>
        <header class="top"><div class="wrap">
        <a class="brand" href="/"><img src="\(Assets.logo.path)" alt="" width="28" height="28">Emporium</a>
        \(search)
        <nav aria-label="\(text: "Site")">
        \(link(SearchPage.path, text: "Projects", .projects))
        \(link("/help/", text: "Help", .help))
        \(optional: frame.username, account, else: link("/account/login/", text: "Log in", .logIn))
        </nav>
        </div></header>
        <main id="main" class="wrap">
        \(each: frame.notices, notice)
        \(content)
        </main>
        <footer class="bottom"><div class="wrap"><a href="/help/">\(text: "Help")</a><a href="\(StatisticsPage.path)">\(text: "Statistics")</a>\
        <a href="\(ClassifiersPage.path)">\(text: "Classifiers")</a><a href="\(SecurityPage.path)">\(text: "Security")</a>\
        \(if: frame.hasTerms, "<a href=\"\(TermsPage.path)\">\(text: "Terms of service")</a>")\
        \(if: frame.hasOutbox, "<a href=\"\(OutboxPage.path)\">\(text: "Outbox")</a>")\
        <nav aria-label="\(text: "Language")">\(each: Language.all, LocalePage.link)</nav><span>Emporium</span></div></footer>
        </body>
        </html>
        """
    }

    private var search: HTML {
        """
        <form class="search" role="search" action="\(SearchPage.path)"><input type="search" name="q" value="\(frame.searched)" maxlength="1000" \
        autocomplete="off" placeholder="\(text: "Search projects")" aria-label="\(text: "Search projects")" list="names" \
        data-names="\(SearchSuggestions.path)"><datalist id="names"></datalist><kbd aria-hidden="true">/</kbd></form>
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
