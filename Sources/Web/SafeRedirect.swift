// Redirects that stay on this site.

enum SafeRedirect {
    /// A `Location` for a path of this site: never a scheme or another host (`//host`, `/\host`), never a line break.
    ///
    /// - Parameter path: encoded as it came in the request line, or decoded; what can not stand in a header is encoded.
    static func location(path: String, query: String?) -> String {
        var location = "/"
        for byte in path.utf8.drop(while: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") {
                location.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                location += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        if let query { location += "?" + query.filter { $0.isASCII && $0 > " " } }
        return location
    }

    /// Where a `next` parameter leads: a path of this site, or nowhere (platform §1.18). What browsers would read as another host or scheme is nothing.
    static func next(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 2048, text.first == "/" else { return nil }
        // Browsers take `\` for `/`, and drop tabs and line breaks, before they look for a host.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }), !text.hasPrefix("//") else { return nil }
        return text
    }

    /// Text as the value of a query parameter.
    static func queryValue(_ text: String) -> String {
        var value = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                value.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                value += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return value
    }
}
