import HTTPTypes
import Localization
import Markup
import Packaging
import Registry

/// How often a project's files were fetched: a chart, tables, and the same for programs.
struct DownloadList {
    let name: NormalizedName
    let statistics: DownloadStatistics

    static func read(of name: NormalizedName, _ index: PackageIndex, isWhole: Bool = true) async throws -> DownloadList {
        guard let statistics = try await index.downloadStatistics(of: name, isWhole: isWhole) else {
            throw Rejection(.notFound, "Downloads are not counted here.")
        }
        return DownloadList(name: name, statistics: statistics)
    }

    // MARK: On the project's page

    var html: HTML {
        let total = statistics.byDay.reduce(0) { $0 + $1.count }
        let count = SearchPage.grouped(Int(total))
        let json: HTML = "<a href=\"/project/\(name.value)/downloads.json\">JSON</a>"
        return """
            <div><section><h2>\(text: "Downloads from this index, 90 days")</h2>
            \(DownloadChart(days: statistics.byDay).html(Message("\(count) in 90 days")))
            <dl class="facts"><dt>\(text: "Yesterday")</dt><dd>\(SearchPage.grouped(Int(statistics.lastDay)))</dd>
            <dt>\(text: "7 days")</dt><dd>\(SearchPage.grouped(Int(statistics.lastWeek)))</dd>
            <dt>\(text: "30 days")</dt><dd>\(SearchPage.grouped(Int(statistics.lastMonth)))</dd>
            <dt>\(text: "90 days")</dt><dd>\(count)</dd></dl></section>
            <div class="steps">\(each: Downloads.Dimension.allCases, dimension)</div>
            <details class="panel"><summary>\(text: "By day and month")</summary><div class="scroller"><table><thead><tr><th>\(text: "When")</th>\
            <th>\(text: "Downloads")</th></tr></thead><tbody>
            \(each: statistics.byDay.reversed() + statistics.byMonth.reversed(), row)</tbody></table></div></details>
            <p class="aside">\(text: "Mirrors and search engines are counted apart. What a CDN or an installer's cache serves is not seen here. The same as \(json).")</p></div>
            """
    }

    private func dimension(_ dimension: Downloads.Dimension) -> HTML {
        let entries = statistics.byDimension[dimension] ?? []
        let title: Message
        switch dimension {
        case .total: return .empty
        case .version: title = Message("By version")
        case .python: title = Message("By Python")
        case .system: title = Message("By system")
        case .installer: title = Message("By installer")
        case .mirror: title = Message("Mirrors")
        case .bot: title = Message("Search engines")
        }
        guard !entries.isEmpty else { return .empty }
        return """
            <section><h2>\(text: title)</h2><div class="scroller"><table><tbody>\(each: entries.prefix(10), row)</tbody></table></div></section>

            """
    }

    private func row(_ entry: DownloadStatistics.Entry) -> HTML {
        "<tr><th scope=\"row\">\(entry.name)</th><td>\(SearchPage.grouped(Int(entry.count)))</td></tr>\n"
    }

    // MARK: For programs

    static func json(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let list = try await asked(request, context)
        return kept(.bytes(list.document.bytes, type: "application/json"))
    }

    /// The same in the API.
    static func inAPI(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await APIAddress.answer(request) { name in
            kept(.bytes(try await read(of: name, context.index).document.bytes, type: "application/json"))
        }
    }

    private var document: JSONDocument {
        func entries(_ entries: [DownloadStatistics.Entry]) -> JSONDocument { .object(entries.map { ($0.name, .number($0.count)) }) }
        return .object([
            ("project", .string(statistics.project)), ("last_day", .number(statistics.lastDay)), ("last_week", .number(statistics.lastWeek)),
            ("last_month", .number(statistics.lastMonth)), ("by_day", entries(statistics.byDay)), ("by_month", entries(statistics.byMonth)),
            (
                "last_90_days",
                .object(
                    Downloads.Dimension.allCases.filter { $0 != .total }.map { ($0.rawValue, entries(statistics.byDimension[$0] ?? [])) }
                )
            ),
        ])
    }

    static func drawing(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let list = try await asked(request, context, isWhole: false)
        return kept(.bytes(DownloadChart(days: list.statistics.byDay).document.bytes, type: "image/svg+xml"))
    }

    private static func asked(_ request: WebRequest, _ context: WebContext, isWhole: Bool = true) async throws -> DownloadList {
        guard let name = ProjectAddress.name(request.parameters["name"] ?? "") else { throw Rejection(.notFound, "There is no such project.") }
        return try await read(of: name, context.index, isWhole: isWhole)
    }

    private static func kept(_ response: WebResponse) -> WebResponse {
        var response = response
        response.headers[.cacheControl] = "max-age=3600, public"
        return response
    }
}
