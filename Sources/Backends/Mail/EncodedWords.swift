/// Text of any characters within a header of ASCII (RFC 2047).
enum EncodedWords {
    /// Whether text can stand as it is: readable characters, single spaces between them, no word that could not be folded, and nothing that would be
    /// taken for an encoded word.
    static func areNotNeeded(for text: String) -> Bool {
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !text.contains("=?") else { return false }
        guard !text.hasPrefix(" "), !text.hasSuffix(" "), !text.contains("  ") else { return false }
        // A URL is of more use whole.
        return text.split(separator: " ").allSatisfy { $0.utf8.count <= MailHeader.limit }
    }

    /// - Parameter firstWidth: what room there is for the first one; the others have 75.
    /// - Returns: words of 75 characters at most, each of whole characters, to be put one after the other with white space between, which readers
    /// leave out.
    static func encode(_ text: String, firstWidth: Int) -> [String] {
        let isMostlyASCII = text.utf8.count(where: { $0 >= 0x80 }) * 6 <= text.utf8.count
        let kind = isMostlyASCII ? "Q" : "B"
        let (beginning, end) = ("=?utf-8?\(kind)?", "?=")
        var words: [String] = []
        var piece: [UInt8] = []
        func room() -> Int { (words.isEmpty ? min(firstWidth, 75) : 75) - beginning.utf8.count - end.utf8.count }
        func finish() {
            words.append(beginning + (isMostlyASCII ? quoted(piece) : Base64.encode(piece)) + end)
            piece = []
        }
        // What is seen as one stays together, for there are readers that put a space between two words; but a character may be of any length.
        let units = text.flatMap { $0.utf8.count <= 12 ? [Array($0.utf8)] : $0.unicodeScalars.map { Array(String($0).utf8) } }
        for next in units {
            let width = isMostlyASCII ? quoted(piece + next).utf8.count : (piece.count + next.count + 2) / 3 * 4
            if width > room(), !piece.isEmpty { finish() }
            piece += next
        }
        if !piece.isEmpty { finish() }
        return words
    }

    /// RFC 2047 §5 (3): what may also stand in a display name.
    private static func quoted(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x20: text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                text.append(byte)
            case _ where "!*+-/".utf8.contains(byte): text.append(byte)
            default: text += QuotedPrintable.hexadecimal(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
