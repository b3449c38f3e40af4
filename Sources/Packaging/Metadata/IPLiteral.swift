// What may stand in brackets as the host of a URL.

/// IPv6 addresses (with a zone, RFC 6874) and addresses of the future (RFC 3986 §3.2.2), without the brackets.
enum IPLiteral {
    static func isValid(_ bytes: [UInt8]) -> Bool {
        if bytes.first == UInt8(ascii: "v") { return isFuture(bytes.dropFirst()) }
        if let percent = bytes.firstIndex(of: UInt8(ascii: "%")) {
            return isIPv6(bytes[..<percent]) && isZone(bytes[percent...])
        }
        return isIPv6(bytes[...])
    }

    static func isHexadecimal(_ byte: UInt8) -> Bool {
        PythonText.isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
    }

    /// `%` or `%25` and a name.
    private static func isZone(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count > 1 && bytes.dropFirst().allSatisfy { PythonText.isASCIIAlphanumeric($0) || "-._~%".utf8.contains($0) }
    }

    private static func isFuture(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { return false }
        let version = bytes[..<dot]
        let address = bytes[(dot + 1)...]
        return !version.isEmpty && version.allSatisfy(isHexadecimal) && !address.isEmpty
            && address.allSatisfy { PythonText.isASCIIAlphanumeric($0) || "-._~!$&'()*+,;=:".utf8.contains($0) }
    }

    /// Eight groups, the last two perhaps as an IPv4 address; one `::` stands for one or more of them.
    private static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        var groups = 0
        var hasGap = false
        var rest = bytes
        if rest.starts(with: "::".utf8) {
            hasGap = true
            rest = rest.dropFirst(2)
            if rest.isEmpty { return true }
        }
        while true {
            let part = rest.prefix { $0 != UInt8(ascii: ":") }
            rest = rest[part.endIndex...]
            if rest.isEmpty, part.contains(UInt8(ascii: ".")) {
                guard isIPv4(part) else { return false }
                groups += 2
                break
            }
            guard (1...4).contains(part.count), part.allSatisfy(isHexadecimal) else { return false }
            groups += 1
            if rest.isEmpty { break }
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: ":") {
                if hasGap { return false }
                hasGap = true
                rest = rest.dropFirst()
                if rest.isEmpty { break }
            }
        }
        return hasGap ? groups <= 7 : groups == 8
    }

    private static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let groups = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return groups.count == 4 && groups.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy(PythonText.isDigit) }
    }
}
