import HTTPTypes

/// Tells a client from the proxies before it (index §0.1).
struct TrustedProxies: Sendable {
    /// How many proxies stand in front; what others write into these headers is not believed.
    let count: Int

    struct Client {
        let address: String?
        let isSecure: Bool
    }

    /// - Parameter peer: the address at the other end of the socket.
    func client(of headers: HTTPFields, peer: String?) -> Client {
        guard count > 0 else { return Client(address: peer, isSecure: false) }
        let forwarded = (headers[.forwardedFor] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let schemes = (headers[.forwardedProto] ?? "").split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }
        // The nearest proxy writes at the right.
        let address = forwarded.count >= count ? forwarded[forwarded.count - count] : nil
        let scheme = schemes.count >= count ? schemes[schemes.count - count] : schemes.first
        return Client(address: address ?? peer, isSecure: scheme == "https")
    }
}
