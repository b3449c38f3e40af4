import HTTPTypes
import Localization

/// Which language a request is answered in (platform §8.7).
enum LanguageChoice {
    /// Of the cookie and of the parameter.
    static let name = "_LOCALE_"

    /// What the address says, then what was chosen on the site, then what the browser likes best.
    static func of(_ headers: HTTPFields, rawQuery: String?) -> Language {
        if let rawQuery, rawQuery.contains(name), let query = try? RequestTarget.parseQuery(rawQuery),
            let asked = query.first(where: { $0.name == name }).flatMap({ Language.find($0.value) })
        {
            return asked
        }
        if let chosen = Cookies.value(of: name, in: headers).flatMap({ Language.find($0) }) { return chosen }
        return Language.preferred(by: headers[.acceptLanguage])
    }

    /// For a year.
    static func cookie(_ language: Language, isSecure: Bool) -> HTTPField {
        HTTPField(
            name: .setCookie,
            value: "\(name)=\(language.locale); Path=/; Max-Age=\(365 * 86400); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
        )
    }

    /// What a shared cache has to look at before it sends a page to somebody else.
    static func mark(_ response: inout WebResponse) {
        response.vary(on: "Accept-Language")
        response.vary(on: "Cookie")
    }
}
