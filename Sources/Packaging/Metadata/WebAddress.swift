// Is it a link a browser could follow?

/// The rule for URLs in metadata (index §2.5): `http` or `https` and a colon, and nothing after it that cannot be read as a URI (RFC 3986).
///
/// It is as lenient as the reference: a host is not required, an authority that makes no sense is overlooked, and whatever needs
/// percent-encoding is taken as if it were. A port over 65535 and brackets in path or query are refused.
public enum WebAddress {
    /// Whether a text is such a URL.
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(where: { !isSchemeByte($0) }), bytes[colon] == UInt8(ascii: ":") else { return false }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else { return false }

        var rest = bytes[(colon + 1)...]
        if rest.starts(with: "//".utf8) {
            let authority = rest.dropFirst(2).prefix { !"/?#\\".utf8.contains($0) }
            if let port = port(ofAuthority: Array(authority)), port > 65_535 { return false }
            rest = rest[authority.endIndex...]
        }
        let path = rest.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard isValidPath(path) else { return false }
        guard rest[path.endIndex...].first == UInt8(ascii: "?") else { return true }
        return !rest[path.endIndex...].prefix { $0 != UInt8(ascii: "#") }.contains(where: isBracket)
    }

    /// Brackets are wrong in the segments that `..` does not take away again.
    private static func isValidPath(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.contains(where: isBracket) else { return true }
        var kept: [Bool] = []
        for segment in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if segment.elementsEqual("..".utf8) {
                _ = kept.popLast()
            } else {
                kept.append(segment.contains(where: isBracket))
            }
        }
        return !kept.contains(true)
    }

    private static func isBracket(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        PythonText.isASCIIAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// The port of `[userinfo@]host[:port]`; nil when there is none or the authority is malformed.
    private static func port(ofAuthority bytes: [UInt8]) -> Int? {
        var hostAndPort = bytes[...]
        if let at = bytes.firstIndex(of: UInt8(ascii: "@")) {
            let user = bytes[..<at]
            guard !user.isEmpty, isEncoded(user, extra: ":") else { return nil }
            hostAndPort = bytes[(at + 1)...]
        }
        var end = hostAndPort.firstIndex(of: UInt8(ascii: ":")) ?? hostAndPort.endIndex
        if hostAndPort.first == UInt8(ascii: "[") {
            guard let bracket = hostAndPort.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            guard IPLiteral.isValid(Array(hostAndPort[(hostAndPort.startIndex + 1)..<bracket])) else { return nil }
            end = bracket + 1
        } else if !isEncoded(hostAndPort[..<end], extra: "") || isImpossibleIPv4(hostAndPort[..<end]) {
            return nil
        }
        let digits = hostAndPort[end...].first == UInt8(ascii: ":") ? hostAndPort[(end + 1)...] : hostAndPort[end...]
        return (1...5).contains(digits.count) && digits.allSatisfy(PythonText.isDigit) ? number(digits) : nil
    }

    /// Four groups of one to three digits, and one of them over 255.
    private static func isImpossibleIPv4(_ host: ArraySlice<UInt8>) -> Bool {
        let groups = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard groups.count == 4, groups.allSatisfy({ (1...3).contains($0.count) && $0.allSatisfy(PythonText.isDigit) }) else { return false }
        return groups.contains { number($0) > 255 }
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
