import Backends
import HTTPTypes
import Markup
import Packaging
import Registry

/// RSS 2.0 of what is new (index §5.1).
enum RSSFeeds {
    static func updates(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let links = context.index.links
        let items = try await context.index.newestReleases(limit: 100).map { entry in
            Item(
                name: "\(entry.project) \(entry.version)",
                link: "\(links.base)/project/\(entry.normalizedName)/\(entry.version)/",
                description: entry.summary,
                author: entry.author,
                date: entry.createdAt
            )
        }
        return respond(name: "Newest releases on \(links.hostName)", link: "\(links.base)/", "Newest releases on the index", items)
    }

    static func packages(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let links = context.index.links
        let items = try await context.index.newestProjects(limit: 40).map { entry in
            let page = "\(links.base)/project/\(entry.normalizedName)/"
            return Item(
                name: "\(entry.project) added to \(links.hostName)",
                link: page,
                guid: page,
                description: entry.summary,
                author: entry.author,
                date: entry.createdAt
            )
        }
        return respond(name: "Newest projects on \(links.hostName)", link: "\(links.base)/", "Newest projects on the index", items)
    }

    static func releases(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let name = ProjectAddress.name(request.parameters["name"] ?? ""),
            let (project, entries) = try await context.index.newestReleases(of: name, limit: 40)
        else { throw Rejection(.notFound, "There is no such project.") }
        let page = "\(context.index.links.base)/project/\(name)/"
        let items = entries.map { entry in
            Item(name: entry.version, link: "\(page)\(entry.version)/", description: entry.summary, author: entry.author, date: entry.createdAt)
        }
        return respond(name: "Releases of \(project)", link: page, "Newest releases of \(project)", items)
    }

    private struct Item {
        let name: String
        let link: String
        var guid: String?
        let description: String
        let author: String?
        /// Microseconds since 1970.
        let date: Int64
    }

    private static func respond(name: String, link: String, _ description: String, _ items: [Item]) -> WebResponse {
        // What stands in HTML text stands in XML text.
        let document: HTML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0">
            <channel>
            <title>\(clean(name))</title>
            <link>\(link)</link>
            <description>\(clean(description))</description>
            <language>en</language>
            \(each: items, item)</channel>
            </rss>

            """
        var response = WebResponse.bytes(document.bytes, type: "text/xml; charset=UTF-8")
        response.headers[.surrogateControl] = "max-age=86400, stale-while-revalidate=86400, stale-if-error=432000"
        CORS.apply(to: &response)
        return response
    }

    private static func item(_ item: Item) -> HTML {
        """
        <item>
        <title>\(clean(item.name))</title>
        <link>\(item.link)</link>
        \(optional: item.guid, { "<guid>\($0)</guid>\n" })<description>\(clean(item.description))</description>
        \(optional: item.author, { "<author>\(clean($0))</author>\n" })<pubDate>\(HTTPDate.text(item.date / 1_000_000))</pubDate>
        </item>

        """
    }

    /// Without what can not stand in XML, escaped or not.
    private static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF }))
    }
}
