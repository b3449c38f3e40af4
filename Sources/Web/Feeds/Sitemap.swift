import HTTPTypes
import Markup
import Registry

/// What search engines are told of (index §5.2, sitemaps.org).
enum Sitemap {
    static func index(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let base = context.index.links.base
        let parts = try await context.index.sitemapParts()
        return respond(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            \(each: parts, { "<sitemap><loc>\(base)/sitemap/\($0.name).xml</loc></sitemap>\n" })</sitemapindex>

            """
        )
    }

    static func part(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let base = context.index.links.base
        let name = request.parameters["part"] ?? ""
        guard name.hasSuffix(".xml"), let part = SitemapPart(String(name.dropLast(4))) else { throw Rejection(.notFound, "There is no such part.") }
        let path = part.kind == .projects ? "/project/" : "/user/"
        let names = try await context.index.sitemap(part)
        return respond(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            \(each: names, { "<url><loc>\(base)\(path)\($0)/</loc></url>\n" })</urlset>

            """
        )
    }

    private static func respond(_ document: HTML) -> WebResponse {
        var response = WebResponse.bytes(document.bytes, type: "text/xml; charset=UTF-8")
        response.headers[.cacheControl] = "max-age=3600, public"
        response.headers[.surrogateControl] = "max-age=86400, stale-while-revalidate=21600, stale-if-error=86400"
        return response
    }
}
