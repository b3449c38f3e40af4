// Writes tars with every field open to forgery.

import Distributions

/// A tar archive (IEEE 1003.1, ustar and pax, and GNU's ways), header by header.
struct TarForge {
    private(set) var bytes: [UInt8] = []
    /// Whether the two empty blocks that end a tar are written.
    var isEnded = true

    /// Adds a header and its content.
    /// - Parameters:
    ///   - size: the raw twelve bytes of the size field, when they are to say something else than the content's length.
    ///   - checksumError: what the header's checksum is wrong by.
    mutating func add(
        _ path: String,
        _ content: [UInt8] = [],
        type: Character = "0",
        link: String = "",
        size: [UInt8]? = nil,
        isGNU: Bool = false,
        prefix: String = "",
        checksumError: Int = 0
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ field: [UInt8], at offset: Int) { header.replaceSubrange(offset..<offset + field.count, with: field) }
        put(Array(path.utf8.prefix(100)), at: 0)
        for (text, offset) in [("0000644\0", 100), ("0000000\0", 108), ("0000000\0", 116), ("00000000000\0", 136), ("        ", 148)] {
            put(Array(text.utf8), at: offset)
        }
        put(size ?? Array(Self.octal(content.count, digits: 11).utf8) + [0], at: 124)
        header[156] = type.asciiValue ?? 0
        put(Array(link.utf8.prefix(100)), at: 157)
        put(Array((isGNU ? "ustar  \0" : "ustar\u{0}00").utf8), at: 257)
        put(Array(prefix.utf8), at: 345)
        let sum = header.reduce(0) { $0 + Int($1) } + checksumError
        put(Array(Self.octal(sum, digits: 6).utf8) + [0, 0x20], at: 148)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func add(_ path: String, _ text: String) { add(path, Array(text.utf8)) }

    /// Adds an extended header that holds for the next member, or with type `g` for all that follow.
    mutating func addPax(_ records: [(String, String)], type: Character = "x") {
        add("PaxHeaders/member", records.flatMap { Self.paxRecord($0.0, $0.1) }, type: type)
    }

    mutating func append(raw: [UInt8]) { bytes += raw }

    func finished() -> [UInt8] { bytes + (isEnded ? [UInt8](repeating: 0, count: 1024) : []) }

    /// `<length> <keyword>=<value>\n`, the length counting its own digits.
    static func paxRecord(_ keyword: String, _ value: String) -> [UInt8] {
        let rest = " \(keyword)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)\(rest)".utf8.count != length { length = "\(length)\(rest)".utf8.count }
        return Array("\(length)\(rest)".utf8)
    }

    /// GNU's binary numbers for what octal digits can not say.
    static func base256(_ number: UInt64) -> [UInt8] {
        [0x80, 0, 0, 0] + withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
