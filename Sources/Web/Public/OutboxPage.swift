import Backends
import Markup
import Registry

/// The mails that went into a folder, for whoever works on the machine that the index runs on.
struct OutboxPage {
    static let path = "/outbox/"
    private static let limit = 100

    static func list(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let mailer = try mailer(request, context)
        var mails: [(name: String, mail: MailReading)] = []
        for name in try await mailer.list(limit: limit) {
            if let mail = try await mailer.read(name).flatMap({ MailReading($0) }) { mails.append((name, mail)) }
        }
        return .page(
            Page(
                title: "Outbox",
                frame: PageFrame(request.session),
                isPrivate: true,
                content: """
                    <h1>\(text: "Outbox")</h1>
                    <p class="lead">\(text: "Mails go into a folder here, and to nobody. The newest come first.")</p>
                    \(if: mails.isEmpty, "<p class=\"empty\">\(text: "No mails yet.")</p>", else: table(mails))
                    """
            ).html
        )
    }

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let mailer = try mailer(request, context)
        guard let mail = try await mailer.read(request.parameters["name"] ?? "").flatMap({ MailReading($0) }) else {
            throw Rejection(.notFound, "There is no such mail.")
        }
        return .page(
            Page(
                title: "\(mail["Subject"] ?? "")",
                frame: PageFrame(request.session),
                isPrivate: true,
                content: """
                    <p class="back"><a href="\(path)">\(text: "Outbox")</a></p>
                    <h1>\(mail["Subject"] ?? "")</h1>
                    <dl class="facts"><dt>\(text: "From")</dt><dd>\(mail["From"] ?? "")</dd><dt>\(text: "To")</dt><dd>\(mail["To"] ?? "")</dd>\
                    <dt>\(text: "Date")</dt><dd>\(mail["Date"] ?? "")</dd></dl>
                    <div class="panel mail">\(each: mail.text.split(separator: "\n\n").map(String.init), paragraph)</div>
                    """
            ).html
        )
    }

    /// Links can be followed; nothing else is made of what a mail says.
    private static func paragraph(_ text: String) -> HTML {
        let isLink = (text.hasPrefix("http://") || text.hasPrefix("https://")) && !text.contains { $0.isWhitespace }
        return isLink ? "<p><a href=\"\(text)\">\(text)</a></p>\n" : "<p>\(text)</p>\n"
    }

    private static func table(_ mails: [(name: String, mail: MailReading)]) -> HTML {
        """
        <div class="scroller"><table><thead><tr><th>\(text: "Subject")</th><th>\(text: "To")</th><th>\(text: "Date")</th></tr></thead><tbody>
        \(each: mails, { "<tr><td><a href=\"\(path)\($0.name)\">\($0.mail["Subject"] ?? "")</a></td><td>\($0.mail["To"] ?? "")</td><td>\($0.mail["Date"] ?? "")</td></tr>\n" })
        </tbody></table></div>
        """
    }

    /// Whoever sees it can set anybody's password: it is for the machine itself alone, and not behind a proxy.
    private static func mailer(_ request: WebRequest, _ context: WebContext) throws -> DirectoryMailer {
        guard let mailer = context.index.mailer as? DirectoryMailer,
            MetricsAccess.loopback.allows(request.headers, peer: context.peerAddress, host: request.host)
        else {
            throw Rejection(.notFound, "There is no such page.")
        }
        return mailer
    }
}
