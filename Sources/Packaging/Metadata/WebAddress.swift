// Is it a link a browser could follow?

/// The rule for URLs in metadata: an absolute `http` or `https` URI reference (RFC 3986), read leniently. A host is not required, a port is
/// at most 65535, and whatever needs percent-encoding in path and query is taken as if it had been encoded.
public enum WebAddress {
    /// Whether a text is such a URL.
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(where: { !isSchemeByte($0) }), bytes[colon] == UInt8(ascii: ":") else { return false }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else { return false }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: "//".utf8) else { return true }
        let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") }
        return isValidAuthority(Array(authority))
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        PythonText.isASCIIAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// `[userinfo@]host[:port]`; empty is fine.
    private static func isValidAuthority(_ bytes: [UInt8]) -> Bool {
        if bytes.isEmpty { return true }
        var hostAndPort = bytes[...]
        if let at = bytes.firstIndex(of: UInt8(ascii: "@")) {
            let user = bytes[..<at]
            guard !user.isEmpty, isEncoded(user, extra: ":") else { return false }
            hostAndPort = bytes[(at + 1)...]
        }
        if hostAndPort.first == UInt8(ascii: "[") {
            guard let end = hostAndPort.firstIndex(of: UInt8(ascii: "]")) else { return false }
            return IPLiteral.isValid(Array(hostAndPort[(hostAndPort.startIndex + 1)..<end])) && isValidPort(hostAndPort[(end + 1)...])
        }
        let host = hostAndPort.prefix { $0 != UInt8(ascii: ":") }
        return isEncoded(host, extra: "") && isPossibleIPv4(host) && isValidPort(hostAndPort[host.endIndex...])
    }

    /// Four groups of one to three digits are an IPv4 address, and then each is at most 255.
    private static func isPossibleIPv4(_ host: ArraySlice<UInt8>) -> Bool {
        let groups = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard groups.count == 4, groups.allSatisfy({ (1...3).contains($0.count) && $0.allSatisfy(PythonText.isDigit) }) else { return true }
        return groups.allSatisfy { number($0) <= 255 }
    }

    private static func isValidPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return true }
        guard first == UInt8(ascii: ":") else { return false }
        let digits = bytes.dropFirst()
        return digits.count <= 5 && digits.allSatisfy(PythonText.isDigit) && number(digits) <= 65_535
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Unreserved characters, sub-delimiters, percent-encoded bytes and `extra`.
    private static func isEncoded(_ bytes: ArraySlice<UInt8>, extra: String) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.endIndex, IPLiteral.isHexadecimal(bytes[index + 1]), IPLiteral.isHexadecimal(bytes[index + 2]) else {
                    return false
                }
                index += 3
                continue
            }
            guard PythonText.isASCIIAlphanumeric(byte) || "-._~!$&'()*+,;=".utf8.contains(byte) || extra.utf8.contains(byte) else { return false }
            index += 1
        }
        return true
    }
}
