import HTTPTypes

/// What the API takes and answers, for programs that make clients of it (OpenAPI 3.1).
enum APIDescription {
    static let path = "\(APIAddress.prefix)/openapi.json"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        var response = WebResponse.bytes(PackageResources.openapi_json, type: "application/json")
        CORS.apply(to: &response)
        return response
    }
}
