// A port that nobody uses.

import Foundation

enum FreePort {
    /// Asks the system for a free port by taking one and letting it go.
    static func find(host: String) throws -> Int {
        let isIPv6 = host.contains(":")
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure("No socket can be made: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        var storage = sockaddr_storage()
        return try withUnsafeMutableBytes(of: &storage) { bytes -> Int in
            let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            address.pointee.sa_family = sa_family_t(isIPv6 ? AF_INET6 : AF_INET)
            var length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
            guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0 else {
                throw CommandFailure("No free port can be found: \(String(cString: strerror(errno))).")
            }
            // The port stands behind the family in both kinds of address, in network order.
            return Int(bytes[2]) << 8 | Int(bytes[3])
        }
    }
}
