import Foundation
import HTTPTypes
import Markup
import Packaging
import Registry

/// Documents that programs look for at known places (platform §8.8).
enum SmallDocuments {
    private static let closed = [
        "/simple/", "/packages/", "/_includes/", "/pypi/*/json", "/pypi/*/*/json", "/pypi*?", "/search*", "/_/", "/integrity/", "/account/",
        "/manage/",
        "/admin/", "/outbox/", "/project/*/compare/", "/project/*/contents/", "/api/",
    ]

    /// On another host than the site's own, search engines are to look at nothing; so on one that needs a login.
    static func robots(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let links = context.index.links
        let host = request.host.map { $0.split(separator: ":").first.map(String.init) ?? $0 }
        let isOpen = (!links.isPublic || host == links.hostName) && context.index.settings.readAccess == .anonymous
        let rules = isOpen ? closed.map { "Disallow: \(links.path)\($0)" }.joined(separator: "\n") : "Disallow: /"
        return document("Sitemap: \(links.base)/sitemap.xml\n\nUser-agent: *\n\(rules)\n", "text/plain; charset=UTF-8")
    }

    /// Whom to tell of a weakness (RFC 9116); nobody is named where the operator named nobody.
    static func security(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let contact = context.index.settings.securityContact else { throw Rejection(.notFound, "This index names no contact.") }
        let base = context.index.links.base
        let expiry = UploadTime.text((context.index.clock.now() / 86_400_000_000 + 365) * 86_400_000_000)
        let lines = [
            "Contact: \(contact)", "Expires: \(expiry)", "Preferred-Languages: en, de", "Canonical: \(base)/.well-known/security.txt",
            "Policy: \(base)/security/",
        ]
        return document(lines.joined(separator: "\n") + "\n", "text/plain; charset=UTF-8")
    }

    /// Where it is said who can be paid for this index (fundingjson.org).
    static func funding(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let url = context.index.settings.fundingManifest else { throw Rejection(.notFound, "This index has no funding manifest.") }
        return document("\(url)\n", "text/plain; charset=UTF-8")
    }

    /// What a browser needs to search the site from its address line.
    static func searchDescription(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let links = context.index.links
        let description: HTML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
            <ShortName>\(String(links.hostName.prefix(16)))</ShortName>
            <Description>Python packages on \(links.hostName)</Description>
            <InputEncoding>UTF-8</InputEncoding>
            <Url type="text/html" template="\(links.base)/search/?q={searchTerms}"/>
            <Url type="application/x-suggestions+json" template="\(links.base)/search/suggestions/?q={searchTerms}"/>
            </OpenSearchDescription>

            """
        return document(description.description, "application/opensearchdescription+xml; charset=UTF-8")
    }

    private static func document(_ text: String, _ type: String) -> WebResponse {
        var response = WebResponse.text(text, type: type)
        response.headers[.cacheControl] = "max-age=86400, public"
        return response
    }
}
