// Writes small tars for tests, right or wrong on purpose.

struct TarBuilder {
    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ path: String,
        _ content: [UInt8] = [],
        type: Character = "0",
        prefix: String = "",
        size: Int? = nil,
        isGNU: Bool = false,
        link: String = ""
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8) }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(path, at: 0)
        put("0000644", at: 100)
        put(octal(size ?? content.count, 11), at: 124)
        put("        ", at: 148)
        block[156] = type.asciiValue!
        put(link, at: 157)
        put(isGNU ? "ustar  " : "ustar\u{0}00", at: 257)
        put(prefix, at: 345)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        bytes += block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func addPax(_ records: [(String, String)], type: Character = "x") {
        var content = ""
        for (key, value) in records {
            var length = key.utf8.count + value.utf8.count + 3
            while "\(length)".count + key.utf8.count + value.utf8.count + 3 != length {
                length = "\(length)".count + key.utf8.count + value.utf8.count + 3
            }
            content += "\(length) \(key)=\(value)\n"
        }
        add("PaxHeader", Array(content.utf8), type: type)
    }

    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
