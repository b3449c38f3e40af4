// Networks as limits see them.

import Glibc

/// The /64 that an IPv6 address lies in: the smallest that one customer is given.
struct IPv6Network {
    /// Such as `2001:db8:0:1::/64`; an address that stands for an IPv4 one is that.
    let text: String

    /// - Returns: `nil` for what is no IPv6 address.
    init?(_ address: String) {
        var bytes = in6_addr()
        // Without its zone (`%eth0`).
        guard inet_pton(AF_INET6, String(address.prefix { $0 != "%" }), &bytes) == 1 else { return nil }
        var raw = withUnsafeBytes(of: &bytes) { Array($0) }
        if raw[..<10].allSatisfy({ $0 == 0 }), raw[10] == 0xFF, raw[11] == 0xFF {
            text = raw[12...].map(String.init).joined(separator: ".")
            return
        }
        for position in 8..<16 { raw[position] = 0 }
        var network = in6_addr()
        withUnsafeMutableBytes(of: &network) { $0.copyBytes(from: raw) }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &network, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/64"
    }
}
