// The links of a page that begin at the root of the host.

/// Rewrites `href="/…"` and its kin in HTML that this program wrote: attributes are in double quotes, and text holds no bare `<`.
enum RootRelativeLinks {
    /// Attributes that browsers or our own script follow.
    private static let attributes = ["href", "src", "action", "formaction", "data-options", "data-names"].map { Array(" \($0)=\"".utf8) }

    /// One pass over the bytes; each is copied once.
    ///
    /// - Parameter prefix: what goes before every path, without a slash at its end.
    static func prefixed(_ html: [UInt8], with prefix: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(html.count + html.count / 16)
        var isInTag = false
        var position = 0
        while position < html.count {
            let byte = html[position]
            result.append(byte)
            position += 1
            switch byte {
            case UInt8(ascii: "<"): isInTag = true
            case UInt8(ascii: ">"): isInTag = false
            case UInt8(ascii: "\"") where isInTag:
                // The value of an attribute, up to its closing quote.
                let value = position
                while position < html.count, html[position] != UInt8(ascii: "\"") { position += 1 }
                if isRootRelative(html[value..<position]), attributes.contains(where: { ends(result, with: $0) }) { result += prefix }
                result += html[value..<position]
                if position < html.count {
                    result.append(html[position])
                    position += 1
                }
            default: break
            }
        }
        return result
    }

    /// `/path`, but not `//host`.
    private static func isRootRelative(_ value: ArraySlice<UInt8>) -> Bool {
        let slash = UInt8(ascii: "/")
        return value.first == slash && value.dropFirst().first != slash
    }

    private static func ends(_ bytes: [UInt8], with suffix: [UInt8]) -> Bool {
        bytes.count >= suffix.count && bytes[(bytes.count - suffix.count)...].elementsEqual(suffix)
    }
}
