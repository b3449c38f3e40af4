import HTTPTypes
import Localization
import Markup
import Registry

/// Where the languages in the footer lead (platform §8.7).
enum LocalePage {
    static let path = "/locale/"

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let asked = request.query.filter { $0.name == "locale_id" }.map(\.value)
        guard asked.count == 1 else { throw Rejection(.invalid, "Choose one language: the address has locale_id once.") }
        var response = WebResponse.redirect(to: origin(of: request, context.index.links), status: 303)
        guard let language = Language.find(asked[0]) else { return response }
        Localizer.$current.withValue(language.localizer) { request.session.add(.init(.good, "The language is changed to \(language.name).")) }
        response.headers.append(LanguageChoice.cookie(language, isSecure: request.isSecure))
        return response
    }

    /// The page whose footer it was, if it was one of ours.
    private static func origin(of request: WebRequest, _ links: Links) -> String {
        guard let referer = request.headers[.referer], let origin = request.origins(links).first(where: { referer.hasPrefix("\($0)/") }),
            let target = SafeRedirect.next(MountPath(links).stripped(from: String(referer.dropFirst(origin.count))))
        else { return "/" }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let page = SessionRoutes.page(of: String(parts[0]))
        guard page != path else { return "/" }
        // An address that asks for a language itself would win over the choice.
        let query = parts.count > 1 ? parts[1].split(separator: "&").filter { !$0.hasPrefix(LanguageChoice.name) }.joined(separator: "&") : ""
        return page == parts[0] && !query.isEmpty ? "\(page)?\(query)" : page
    }

    /// A language in the footer, by its own name.
    static func link(_ language: Language) -> HTML {
        """
        <a href="\(path)?locale_id=\(language.locale)" lang="\(language.tag)" hreflang="\(language.tag)" rel="nofollow"\
        \(if: language.locale == Localizer.current.locale, " aria-current=\"true\"")>\(language.name)</a>
        """
    }
}
