// Bytes of an index page in the making.

/// Appends JSON and HTML text to one reserved buffer: index pages are written on every change of a project, and a general encoder is
/// an order of magnitude slower.
package struct DocumentBuffer {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(raw text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func append(_ number: Int64) {
        bytes.append(contentsOf: String(number).utf8)
    }

    /// A JSON string: raw UTF-8, control characters, `"` and `\` escaped as Python's `json` does.
    package mutating func append(json text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        if text.utf8.allSatisfy({ !Self.isSpecialInJSON[Int($0)] }) { return append(raw: text) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append(#"\""#)
            case UInt8(ascii: "\\"): append(#"\\"#)
            case 0x0A: append(#"\n"#)
            case 0x0D: append(#"\r"#)
            case 0x09: append(#"\t"#)
            case 0x08: append(#"\b"#)
            case 0x0C: append(#"\f"#)
            case 0..<0x20:
                append(#"\u00"#)
                bytes.append(byte >= 0x10 ? UInt8(ascii: "1") : UInt8(ascii: "0"))
                let low = byte & 0x0F
                bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            default: bytes.append(byte)
            }
        }
    }

    /// What has to be escaped: most texts hold nothing of it, and are copied as a whole.
    private static let isSpecialInJSON: [Bool] = (0...255).map { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    private static let isSpecialInHTML: [Bool] = (0...255).map { "&<>\"'".utf8.contains(UInt8($0)) }

    package mutating func append(json text: String?) {
        if let text { append(json: text) } else { append("null") }
    }

    /// HTML text or an attribute value in double quotes.
    package mutating func append(html text: String) {
        if text.utf8.allSatisfy({ !Self.isSpecialInHTML[Int($0)] }) { return append(raw: text) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&#34;")
            case UInt8(ascii: "'"): append("&#39;")
            default: bytes.append(byte)
            }
        }
    }
}
