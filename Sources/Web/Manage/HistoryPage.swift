import Markup
import Registry

/// All that happened to one's account lately (platform §1.17).
struct HistoryPage {
    static let path = "/manage/account/history/"
    private static let size = 25

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let pages = Pagination(request.query("page"), size: size)
        let (events, total) = try await context.index.history(of: try request.currentUser(), offset: pages.offset, limit: size)
        return .page(
            Page(
                title: "Security history",
                frame: PageFrame(request.session),
                section: .account,
                isPrivate: true,
                content: """
                    <p class="back"><a href="\(AccountPage.path)">\(text: "Your account")</a></p>
                    <h1>\(text: "Security history")</h1>
                    <p class="lead">\(text: "What happened to this account in the last 90 days.")</p>
                    \(if: events.isEmpty, "<p class=\"empty\">\(text: "Nothing on this page.")</p>", else: table(events))
                    \(pages.links(total: total, path: path))
                    """
            ).html
        )
    }

    static func table(_ events: [SecurityEvent]) -> HTML {
        """
        <div class="scroller"><table>
        <thead><tr><th>\(text: "What")</th><th>\(text: "When")</th><th>\(text: "From")</th><th>\(text: "With")</th></tr></thead><tbody>
        \(each: events, row)
        </tbody></table></div>
        """
    }

    private static func row(_ event: SecurityEvent) -> HTML {
        let device = event.userAgent.map { UserAgent($0).words } ?? ""
        return """
            <tr><td>\(text: event.words)</td><td>\(Moment(event.happenedAt).html)</td>\
            <td>\(optional: event.address, { "\($0)" }, else: "\(text: "the server itself")")</td>\
            <td>\(if: device.isEmpty, "<span class=\"soft\">–</span>", else: "\(device)")</td></tr>

            """
    }
}
