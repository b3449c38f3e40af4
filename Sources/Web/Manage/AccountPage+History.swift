import Markup
import Registry

extension AccountPage {
    /// What happened to the account (platform §1.17).
    var history: HTML {
        """
        <section class="panel"><h2>\(text: "Security history")</h2>
        \(HistoryPage.table(details.events))
        <p><a class="button quiet" href="\(HistoryPage.path)">\(text: "All of the last 90 days")</a></p>
        </section>
        """
    }
}
