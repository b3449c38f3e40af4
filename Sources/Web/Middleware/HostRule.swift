import HTTPTypes

/// Which host names this site answers by. A browser that was led here under another name (DNS rebinding, a phishing proxy) gets nothing of the site.
package struct HostRule: Sendable, Hashable {
    /// In lower case, without ports. Empty: the site was not told its name, and answers by any.
    private let names: Set<String>

    /// - Parameters:
    ///   - publicURL: what the site is called.
    ///   - others: further names.
    package init(publicURL: String? = nil, others: [String] = []) {
        let authority = publicURL.map { String($0.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }) }
        names = Set(([authority].compactMap(\.self) + others).map(Self.plain))
    }

    /// Whether the site knows what it is called.
    package var isStrict: Bool { !names.isEmpty }

    /// Whether a name is one of the site's.
    package func knows(_ host: String?) -> Bool {
        guard isStrict else { return true }
        return host.map { names.contains(Self.plain($0)) } ?? false
    }

    /// Whether a request may be answered: under a name of the site, or from this very machine under a name that only this machine has.
    func admits(_ host: String?, headers: HTTPFields, peer: String?) -> Bool {
        knows(host) || MetricsAccess.loopback.allows(headers, peer: peer, host: host)
    }

    /// Paths that supervisors and balancers ask for by address.
    static func isOpen(_ path: String) -> Bool { path == "/_health/" || path == "/_ready/" }

    /// A response for a request to another host (RFC 9110 §15.5.20).
    static func refusal() -> WebResponse {
        var response = WebResponse.text(
            "This site is not served under that host name. (EMPORIUM_PUBLIC_URL says what it is called, EMPORIUM_HOSTS adds names; a proxy has to pass the Host header on.)\n",
            status: 421
        )
        response.reasonPhrase = "Misdirected Request"
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// The name alone: a proxy may listen on any port, and what a name protects from does not choose one.
    private static func plain(_ host: String) -> String {
        let host = host.lowercased()
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return host }
        return String(host[..<colon])
    }

    /// Whether a name is one by which machines call themselves: `localhost`, an address of 127.0.0.0/8, or `[::1]`, with any port.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "[::1]" || host.hasPrefix("[::1]:") { return true }
        let name = host.prefix { $0 != ":" }
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
