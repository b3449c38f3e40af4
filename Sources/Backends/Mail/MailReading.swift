// What a mail of ours says.

import Foundation

/// What can be read of a mail's bytes, for a page that shows mails. Reads what ``MailMessage/bytes`` writes, not what others do.
public struct MailReading: Sendable, Hashable {
    /// In their order, decoded.
    public let headers: [Header]
    public let text: String
    public let html: String?

    public struct Header: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    /// - Returns: `nil` for what no mail of ours is.
    public init?(_ bytes: [UInt8]) {
        guard let (fields, body) = Self.split(bytes) else { return nil }
        headers = fields
        guard let kind = fields.first(where: { $0.name == "Content-Type" })?.value else { return nil }
        let multipart = "multipart/alternative; boundary=\""
        guard kind.hasPrefix(multipart), kind.hasSuffix("\"") else {
            guard kind.hasPrefix("text/plain"), let text = Self.decode(body) else { return nil }
            (self.text, html) = (text, nil)
            return
        }
        let boundary = "--" + kind.dropFirst(multipart.count).dropLast()
        let parts = String(decoding: body, as: UTF8.self).components(separatedBy: "\r\n" + boundary)
        guard parts.count == 3, parts[0].hasPrefix(boundary), parts[2] == "--\r\n" else { return nil }
        let contents = parts[..<2].map { part in
            Self.split(Array(part.drop { $0 != "\r\n" }.dropFirst().utf8)).flatMap { Self.decode($0.body) }
        }
        guard let text = contents[0], let html = contents[1] else { return nil }
        (self.text, self.html) = (text, html)
    }

    /// A header's value, by its name in any case.
    public subscript(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    private static func split(_ bytes: [UInt8]) -> (fields: [Header], body: ArraySlice<UInt8>)? {
        var fields: [Header] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end].dropLast()
            rest = rest[(end + 1)...]
            if line.isEmpty { return (fields.map { Header(name: $0.name, value: EncodedWords.decode($0.value)) }, rest) }
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix(" "), let last = fields.popLast() {
                fields.append(Header(name: last.name, value: last.value + text))
            } else if let colon = text.firstIndex(of: ":") {
                fields.append(Header(name: String(text[..<colon]), value: String(text[text.index(after: colon)...].drop { $0 == " " })))
            } else {
                return nil
            }
        }
        return nil
    }

    /// Of quoted-printable; lines end in `\n`.
    private static func decode(_ body: ArraySlice<UInt8>) -> String? {
        QuotedPrintable.decode(body).map { String(decoding: $0, as: UTF8.self).replacing("\r\n", with: "\n") }
    }
}

extension QuotedPrintable {
    static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                output.append(byte)
                continue
            }
            guard rest.count >= 2 else { return nil }
            let pair = rest.prefix(2)
            rest = rest.dropFirst(2)
            if pair.elementsEqual([0x0D, 0x0A]) { continue }
            guard let decoded = UInt8(String(decoding: pair, as: UTF8.self), radix: 16) else { return nil }
            output.append(decoded)
        }
        return output
    }
}

extension EncodedWords {
    /// Text with encoded words in it. Between two of them white space is left out.
    static func decode(_ text: String) -> String {
        var words: [(text: String, bytes: [UInt8]?)] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) { words.append((String(word), decodeWord(word))) }
        var decoded: [UInt8] = []
        for (place, word) in words.enumerated() {
            let followsEncoded = place > 0 && words[place - 1].bytes != nil
            if place > 0, !(followsEncoded && word.bytes != nil) { decoded.append(0x20) }
            decoded += word.bytes ?? Array(word.text.utf8)
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func decodeWord(_ word: Substring) -> [UInt8]? {
        guard word.hasPrefix("=?utf-8?"), word.hasSuffix("?="), word.utf8.count > 12 else { return nil }
        let content = word.dropFirst(10).dropLast(2)
        switch word.dropFirst(8).prefix(2) {
        case "B?": return Base64.decode(String(content))
        case "Q?": return QuotedPrintable.decode(Array(content.utf8.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 })[...])
        default: return nil
        }
    }
}
