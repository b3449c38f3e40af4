// Who may read the metrics.

import Crypto
import Foundation
import HTTPTypes

/// Metrics tell how busy a site is, what fails and what is installed: nothing for everybody.
package enum MetricsAccess: Sendable, Hashable {
    /// Whoever asks from this machine, and for nobody else: a request that a proxy passes on comes from elsewhere.
    case loopback
    case anyone
    /// Whoever sends `Authorization: Bearer` with this secret.
    case token(String)

    /// Headers by which proxies tell that they pass on what somebody else asked.
    private static let forwarding = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via"]
        .compactMap { HTTPField.Name($0) }

    /// - Parameters:
    ///   - peer: the address at the other end of the socket.
    ///   - host: what the client calls this site: a page of another site that leads its own name here is not this machine asking.
    func allows(_ headers: HTTPFields, peer: String?, host: String?) -> Bool {
        switch self {
        case .anyone: true
        case .loopback:
            peer.map(Self.isLoopback) == true && host.map(HostRule.isLoopback) == true && !Self.forwarding.contains { headers.contains($0) }
        case .token(let secret):
            headers[.authorization].map { given in
                let parts = given.split(separator: " ", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
                // Digests are compared in constant time, and hide the length.
                return SHA256.hash(data: Data(parts[1].utf8)) == SHA256.hash(data: Data(secret.utf8))
            } == true
        }
    }

    static func isLoopback(_ address: String) -> Bool {
        let plain = address.lowercased().hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
        return plain == "::1" || plain.hasPrefix("127.")
    }
}
