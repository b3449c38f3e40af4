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
}
