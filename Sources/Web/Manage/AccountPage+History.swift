import Markup
import Registry

extension AccountPage {
    /// What happened to the account (platform §1.17).
    var history: HTML {
        """
        <section class="panel"><h2>\(text: "Security history")</h2>
        <p class="soft">\(text: "What happened to this account in the last 90 days.")</p>
        <div class="scroller"><table>
        <thead><tr><th>\(text: "What")</th><th>\(text: "When")</th><th>\(text: "From")</th><th>\(text: "With")</th></tr></thead><tbody>
        \(each: details.events, event)
        </tbody></table></div>
        </section>
        """
    }

    private func event(_ event: SecurityEvent) -> HTML {
        let device = event.userAgent.map { UserAgent($0).words } ?? ""
        return """
            <tr><td>\(text: event.words)</td><td>\(Moment(event.happenedAt).html)</td>\
            <td>\(optional: event.address, { "\($0)" }, else: "\(text: "the server itself")")</td>\
            <td>\(if: device.isEmpty, "<span class=\"soft\">–</span>", else: "\(device)")</td></tr>

            """
    }
}
