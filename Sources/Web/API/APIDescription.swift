import HTTPTypes
import Registry

/// What the API takes and answers, for programs that make clients of it (OpenAPI 3.1).
enum APIDescription {
    static let path = "\(APIAddress.prefix)/openapi.json"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        var bytes = PackageResources.openapi_json
        let path = context.index.links.path
        if !path.isEmpty {
            // The description says where its paths begin; a JSON string needs no escapes for the characters of a public URL.
            bytes = Array(
                String(decoding: bytes, as: UTF8.self).replacing(#""servers": [{"url": "/"}]"#, with: #""servers": [{"url": "\#(path)/"}]"#).utf8
            )
        }
        var response = WebResponse.bytes(bytes, type: "application/json")
        CORS.apply(to: &response)
        return response
    }
}
