// In which encoding a text is, as Python would find out.

/// How the bytes of a text were read.
public enum SourceEncoding: Sendable, Hashable {
    case utf8
    /// UTF-8 behind a byte order mark, which is no part of the text.
    case markedUTF8
    /// ISO 8859-1: every byte is a character.
    case latin1
    case windows1252
    /// A Python file that declares another encoding, shown as UTF-8. Python reads it otherwise: what is shown may not be what runs.
    case undecoded(String)

    /// The encoding that a Python file declares in its first two lines (PEP 263), in lower case; nil when it declares none.
    static func declaration(in bytes: some Collection<UInt8>) -> String? {
        var rest = bytes[...]
        for _ in 0..<2 {
            let line = rest.prefix { $0 != 0x0A && $0 != 0x0D }
            let text = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C }
            if text.first == UInt8(ascii: "#") {
                if let name = declaration(inComment: Array(text.prefix(1000))) { return name }
            } else if !text.isEmpty {
                return nil
            }
            rest = rest[line.endIndex...]
            let end = rest.prefix(2)
            rest = rest.dropFirst(end.elementsEqual([0x0D, 0x0A]) ? 2 : 1)
        }
        return nil
    }

    /// What follows the first `coding:` or `coding=` that has a name behind it.
    private static func declaration(inComment comment: [UInt8]) -> String? {
        let word = Array("coding".utf8)
        var position = 0
        while position + word.count < comment.count {
            defer { position += 1 }
            guard comment[position...].starts(with: word) else { continue }
            let mark = comment[position + word.count]
            guard mark == UInt8(ascii: ":") || mark == UInt8(ascii: "=") else { continue }
            let name = comment[(position + word.count + 1)...].drop { $0 == 0x20 || $0 == 0x09 }.prefix(while: isNameByte)
            if !name.isEmpty { return String(decoding: name, as: UTF8.self).lowercased() }
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
    }

    /// - Parameter name: as declared, in lower case. Python takes `_` for `-` in the names it knows by heart.
    init(declared name: String) {
        let spelled = name.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
        switch spelled {
        case "utf-8", "utf8", "utf", "u8", "utf-8-sig", "ascii", "us-ascii", "646": self = .utf8
        case "latin-1", "latin1", "latin", "l1", "iso-8859-1", "iso8859-1", "iso-latin-1", "8859", "cp819": self = .latin1
        case "cp1252", "windows-1252", "1252": self = .windows1252
        case _ where spelled.hasPrefix("utf-8-"): self = .utf8
        case _ where ["latin-1-", "iso-8859-1-", "iso-latin-1-"].contains(where: spelled.hasPrefix): self = .latin1
        default: self = .undecoded(name)
        }
    }

    /// A character for each byte; nil for the encodings that need several.
    func character(of byte: UInt8) -> Unicode.Scalar? {
        switch self {
        case .latin1: Unicode.Scalar(byte)
        case .windows1252: (0x80..<0xA0).contains(byte) ? Unicode.Scalar(Self.upperCharacters[Int(byte) - 0x80]) : Unicode.Scalar(byte)
        default: nil
        }
    }

    /// What Windows-1252 has from 0x80 to 0x9F; five of them mean nothing and stay control characters.
    private static let upperCharacters: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018,
        0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
