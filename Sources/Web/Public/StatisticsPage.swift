import HTTPTypes
import Localization
import Markup
import Packaging
import Registry

/// How much the index holds, as a page or for programs (index §3.4).
struct StatisticsPage {
    static let path = "/stats/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        var counts = try await context.index.siteCounts()
        // What was hidden since they were counted is not named.
        let seen = try await context.index.existing(Set(counts.largest.map { NormalizedName(normalizing: $0.normalizedName) }))
        counts.largest.removeAll { !seen.contains(NormalizedName(normalizing: $0.normalizedName)) }
        var response: WebResponse
        if AcceptHeader(request.headers[.accept] ?? "")?.best(of: ["text/html", "application/json"]) == "application/json" {
            response = .bytes(json(counts).bytes, type: "application/json")
            response.headers[.cacheControl] = "max-age=86400, public"
        } else {
            response = .page(page(counts, PageFrame(request.session)).html)
        }
        response.vary(on: HTTPField.Name.accept.canonicalName)
        return response
    }

    private static func json(_ counts: SiteCounts) -> JSONDocument {
        .object([
            ("top_packages", .object(counts.largest.map { ($0.name, .object([("size", .number($0.size))])) })),
            ("total_packages_size", .number(counts.totalSize)),
        ])
    }

    private static func page(_ counts: SiteCounts, _ frame: PageFrame) -> Page {
        func row(_ entry: SiteCounts.Entry) -> HTML {
            "<tr><td><a href=\"/project/\(entry.normalizedName)/\">\(entry.name)</a></td><td>\(ByteCount(entry.size).description)</td></tr>\n"
        }
        let table: HTML = """
            <div class="scroller"><table><thead><tr><th>\(text: "Project")</th><th>\(text: "All files")</th></tr></thead><tbody>\
            \(each: counts.largest, row)</tbody></table></div>
            """
        return Page(
            title: "Statistics",
            frame: frame,
            content: """
                <h1>\(text: "Statistics")</h1>
                \(SiteNumbers(counts: counts).html)
                <section class="panel"><h2>\(text: "The largest projects")</h2>
                \(if: counts.largest.isEmpty, "<p class=\"empty\">\(text: "There are no projects yet.")</p>", else: table)
                </section>
                """
        )
    }
}

/// How much the index holds, in one line.
struct SiteNumbers {
    let counts: SiteCounts

    var html: HTML {
        """
        <ul class="numbers">
        <li>\(text: Message(count: counts.projects, one: "1 project", other: "\(SearchPage.grouped(counts.projects)) projects"))</li>
        <li>\(text: Message(count: counts.releases, one: "1 release", other: "\(SearchPage.grouped(counts.releases)) releases"))</li>
        <li>\(text: Message(count: counts.files, one: "1 file", other: "\(SearchPage.grouped(counts.files)) files"))</li>
        <li>\(text: Message(count: counts.users, one: "1 user", other: "\(SearchPage.grouped(counts.users)) users"))</li>
        <li>\(ByteCount(counts.totalSize).description)</li>
        </ul>
        """
    }
}
