// Sentences in the status line (index §2.1).

import HTTPTypes

/// Text for a status line.
enum ReasonPhrase {
    /// What fits into a status line: printable ISO 8859-1, everything else a question mark, so that nothing can begin a new header.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { (0x20...0x7E).contains($0.value) || (0xA0...0xFF).contains($0.value) ? $0 : "?" }))
    }

    /// The phrase as it travels through the framework in a header, whose values are bytes: each byte becomes two hexadecimal digits.
    static func carried(_ text: String) -> String {
        printable(text).unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    /// Undoes ``carried(_:)``.
    static func latin1Bytes(_ carried: some StringProtocol) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = carried[...]
        while rest.count >= 2 {
            if let byte = UInt8(rest.prefix(2), radix: 16) { bytes.append(byte) }
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
