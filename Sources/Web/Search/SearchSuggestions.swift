import HTTPTypes
import Registry

/// Names for what somebody has typed so far, as browsers ask for them (OpenSearch Suggestions 1.1): `["req",["requests","requests-cache"]]`.
enum SearchSuggestions {
    static let path = "/search/suggestions/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let text = request.query("q") ?? ""
        let names = text.isEmpty ? [] : try await context.index.completeName(text, from: request.source)
        var response = WebResponse.bytes(JSONDocument.array([.string(text), JSONDocument(names)]).bytes, type: "application/x-suggestions+json")
        response.headers[.cacheControl] = "max-age=60, public"
        return response
    }
}
