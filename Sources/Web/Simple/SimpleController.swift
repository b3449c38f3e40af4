import HTTPTypes
import Packaging
import Registry

/// The index pages (index §1).
enum SimpleController {
    static func index(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let format = format(for: request)
        let list = try await context.projectList.page(format == .v1JSON ? .json : .html, request.coding, of: context.index)
        var response = WebResponse(headers: [.eTag: list.entityTag], body: .buffers(list.buffers))
        describe(&response, format, lastSerial: list.lastSerial, surrogateMaxAge: format == .v1JSON ? 1800 : 86400)
        return response
    }

    static func project(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let given = request.parameters["name"] ?? ""
        // Nothing else is ever a name, and not everything else can be asked of a database.
        guard given.utf8.allSatisfy(isNameByte) else { throw Rejection(.notFound, "There is no such project.") }
        let name = NormalizedName(normalizing: given)
        guard name.value == given else {
            guard try await context.index.hasProject(name) else { throw Rejection(.notFound, "There is no such project.") }
            var redirect = WebResponse.redirect(to: SafeRedirect.location(path: "/simple/\(name)/", query: request.rawQuery), status: 301)
            CORS.apply(to: &redirect)
            return redirect
        }
        let format = format(for: request)
        guard let page = try await context.index.simplePage(of: name, format: format) else { throw Rejection(.notFound, "There is no such project.") }
        var response = WebResponse(body: .bytes(page.body))
        describe(&response, format, lastSerial: page.lastSerial, surrogateMaxAge: 86400)
        return response
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func describe(_ response: inout WebResponse, _ format: SimpleFormat, lastSerial: Int64, surrogateMaxAge: Int) {
        response.headers[.contentType] = format.contentType
        response.headers[.lastSerial] = String(lastSerial)
        response.headers[.surrogateControl] = "max-age=\(surrogateMaxAge), stale-while-revalidate=300, stale-if-error=86400"
        response.vary(on: "Accept")
        CORS.apply(to: &response)
    }

    /// Several header lines are one list.
    static func format(for request: WebRequest) -> SimpleFormat {
        SimpleFormat(preferredBy: request.headers[values: .accept].joined(separator: ", "))
    }
}
