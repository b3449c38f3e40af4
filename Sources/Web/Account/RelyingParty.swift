import Credentials
import Registry

/// What security keys know this site as.
enum RelyingParty {
    /// By its public URL; where it was told none, by the name that the browser uses: what a key signs holds the name that it was made for, so no other host can use it.
    ///
    /// - Returns: `nil` where that is an address of numbers, for which browsers know no keys.
    static func of(_ request: WebRequest, _ links: Links) -> WebAuthn? {
        if links.isPublic { return party(host: links.hostName, origins: [links.origin]) }
        guard let host = request.host else { return nil }
        let name = host.hasPrefix("[") ? host : String(host.prefix { $0 != ":" })
        return party(host: name, origins: ["http://\(host)", "https://\(host)"])
    }

    private static func party(host: String, origins: Set<String>) -> WebAuthn? {
        guard host.contains(where: \.isLetter), !host.hasPrefix("[") else { return nil }
        return WebAuthn(id: host.lowercased(), name: "Emporium", origins: origins)
    }
}
