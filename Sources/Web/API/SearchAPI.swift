import Backends
import HTTPTypes
import Packaging
import Registry

/// Projects that a program looks for, by the same rules as the search page (platform §7.6).
struct SearchAPI {
    static let path = "\(APIAddress.prefix)/search"

    let text: String
    let classifiers: [String]
    let order: SearchQuery.Order
    let page: Int
    let base: String

    static func search(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let search = try SearchAPI(request, context.index.links)
        let results = try await context.index.findProjects(
            search.text,
            classifiers: search.classifiers,
            order: search.order,
            page: search.page,
            from: request.source
        )
        var response = WebResponse.bytes(search.document(results).bytes, type: "application/json")
        CORS.apply(to: &response)
        return response
    }

    /// - Throws: `Rejection` for an order that there is not, or a page that is none.
    private init(_ request: WebRequest, _ links: Links) throws {
        base = links.base
        text = request.query("q") ?? ""
        var seen: Set<String> = []
        classifiers = request.query.filter { $0.name == "classifier" && !$0.value.isEmpty && seen.insert($0.value).inserted }.map(\.value)
        guard let order = SearchQuery.Order(rawValue: request.query("order") ?? SearchQuery.Order.relevance.rawValue) else {
            throw Rejection(.invalid, "The order is relevance or newest.", field: "order")
        }
        self.order = order
        page = try APIAddress.page(request, last: SearchQuery.window / SearchQuery.pageSize)
    }

    /// Of the first page.
    private var address: String {
        var parts = ["q=\(SafeRedirect.queryValue(text))"]
        parts += classifiers.map { "classifier=\(SafeRedirect.queryValue($0))" }
        if order != .relevance { parts.append("order=\(order.rawValue)") }
        return "\(base)\(Self.path)?\(parts.joined(separator: "&"))"
    }

    private func document(_ results: SearchResults) -> JSONDocument {
        .object(
            [
                ("query", .string(text)), ("classifiers", JSONDocument(classifiers)), ("order", .string(order.rawValue)),
                ("page", .number(Int64(page))), ("pages", .number(Int64(results.pageCount))), ("total", .number(Int64(results.total))),
                ("total_is_capped", .bool(results.isTotalCapped)), ("suggestion", JSONDocument(results.suggestion)),
                ("projects", .array(results.hits.map(hit))),
            ] + APIAddress.neighbours(of: page, of: results.pageCount, address)
        )
    }

    private func hit(_ hit: SearchHit) -> JSONDocument {
        let name = NormalizedName(normalizing: hit.name)
        return .object([
            ("name", .string(hit.name)), ("normalized_name", .string(name.value)), ("version", .string(hit.version)),
            ("summary", .string(hit.summary.map(\.text).joined())), ("created_at", .string(UploadTime.text(hit.createdAt))),
            ("url", .string("\(base)\(APIAddress.project(name))")),
        ])
    }
}
