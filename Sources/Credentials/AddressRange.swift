// Addresses and networks of the Internet protocols.

import Glibc

/// An IPv4 or IPv6 address. An IPv6 address that stands for an IPv4 one (RFC 4291 §2.5.5.2) is that.
public struct NetworkAddress: Sendable, Hashable {
    /// 4 or 16.
    let bytes: [UInt8]

    /// - Returns: `nil` for what is no address. A zone (`%eth0`) is passed over.
    public init?(_ text: String) {
        let text = String(text.prefix { $0 != "%" })
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        let raw = withUnsafeBytes(of: &v6) { Array($0) }
        let isMapped = raw[..<10].allSatisfy { $0 == 0 } && raw[10] == 0xFF && raw[11] == 0xFF
        bytes = isMapped ? Array(raw[12...]) : raw
    }

    /// The one spelling of the address (RFC 5952).
    public var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        bytes.withUnsafeBytes { _ = inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, $0.baseAddress, &buffer, socklen_t(buffer.count)) }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A network in CIDR notation (RFC 4632, RFC 4291 §2.3), such as `192.0.2.0/24`; an address alone is a network of one.
public struct AddressRange: Sendable, Hashable {
    private let address: NetworkAddress
    /// How many leading bits count.
    private let length: Int

    /// - Returns: `nil` for what is no network; also where bits are set behind its length, for then somebody meant something else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !text.contains("%"), let address = NetworkAddress(String(parts[0])) else { return nil }
        let bits = address.bytes.count * 8
        var length = bits
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let said = Int(parts[1]), said <= bits else {
                return nil
            }
            length = said
        }
        guard (length..<bits).allSatisfy({ address.bytes[$0 / 8] & (0x80 >> ($0 % 8)) == 0 }) else { return nil }
        self.address = address
        self.length = length
    }

    public func contains(_ other: NetworkAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return (0..<length).allSatisfy { (address.bytes[$0 / 8] ^ other.bytes[$0 / 8]) & (0x80 >> ($0 % 8)) == 0 }
    }
}
