import HTTPTypes
import Packaging
import Registry
import SQLDatabase

/// The attestations of a file (PEP 740). The first thing that is wrong is told, in the order of index §3.3.
enum IntegrityAPI {
    private static let mediaTypes = ["application/vnd.pypi.integrity.v1+json", "application/json"]

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let filename = request.parameters["filename"] ?? ""
        guard let name = ProjectAddress.name(request.parameters["name"] ?? ""), !filename.utf8.contains(0),
            try await context.index.hasFile(filename, of: name, version: request.parameters["version"] ?? "")
        else { return refusal(404, "Not Found") }
        let accept = request.headers[values: .accept]
        // Without the header, or with one that can not be read, everything is taken (index §1.2).
        if !accept.isEmpty, let header = AcceptHeader(accept.joined(separator: ", ")), header.best(of: mediaTypes) == nil {
            return refusal(406, "This is there as \(mediaTypes.joined(separator: " and as ")).")
        }
        if try await context.index.database.read({ try $0.flags.on() }).contains(.disablePEP740) {
            return refusal(403, "Attestations are disabled on this index for now.")
        }
        return refusal(404, "There is no provenance of \(filename).")
    }

    /// Programs read it: in English.
    private static func refusal(_ status: Int, _ message: String) -> WebResponse {
        var response = WebResponse.bytes(JSONText.object([("message", message)]), status: status, type: "application/json")
        response.vary(on: "Accept")
        CORS.apply(to: &response)
        return response
    }
}
