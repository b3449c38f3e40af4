import HTTPTypes
import Packaging
import Registry

/// The index pages (index §1).
enum SimpleController {
    static func index(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let format = format(for: request)
        let page = try await context.index.simpleIndexPage(format: format)
        let maxAge = format == .v1JSON ? 1800 : 86400
        return response(page, format, surrogateMaxAge: maxAge)
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
        return response(page, format, surrogateMaxAge: 86400)
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

    private static func response(_ page: SimplePage, _ format: SimpleFormat, surrogateMaxAge: Int) -> WebResponse {
        var response = WebResponse.bytes(page.body, type: format.contentType)
        response.headers[.lastSerial] = String(page.lastSerial)
        response.headers[.surrogateControl] = "max-age=\(surrogateMaxAge), stale-while-revalidate=300, stale-if-error=86400"
        response.vary(on: "Accept")
        CORS.apply(to: &response)
        return response
    }

    /// Several header lines are one list.
    static func format(for request: WebRequest) -> SimpleFormat {
        SimpleFormat(preferredBy: request.headers[values: .accept].joined(separator: ", "))
    }
}
