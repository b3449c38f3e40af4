import HTTPTypes

/// Credentials do not travel in the clear (index §0.2): an `:action` over plain HTTP is refused where the site requires HTTPS.
enum HTTPSRule {
    static func refusal(query: [(name: String, value: String)], isSecure: Bool, _ settings: WebSettings) -> WebResponse? {
        query.contains { $0.name == ":action" } ? refusal(isSecure: isSecure, settings) : nil
    }

    /// For an `:action` that was found in the form.
    static func refusal(isSecure: Bool, _ settings: WebSettings) -> WebResponse? {
        guard settings.requiresHTTPS, !isSecure else { return nil }
        var response = WebResponse.text(
            "SSL is required. (Behind a proxy that ends TLS, set EMPORIUM_TRUSTED_PROXIES; EMPORIUM_REQUIRE_HTTPS=false lifts this.)\n",
            status: 403
        )
        response.reasonPhrase = "SSL is required"
        response.headers[.fastlyError] = "803"
        return response
    }
}
