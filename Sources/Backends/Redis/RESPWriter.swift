// Writes RESP.

/// The bytes of commands and values.
public enum RESPWriter {
    /// A command: an array of strings, as servers of every version take it.
    public static func command(_ words: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.reduce(16) { $0 + $1.count + 16 })
        line("*", words.count, &bytes)
        for word in words { string("$", word, &bytes) }
        return bytes
    }

    /// A value as a server of version 3 says it. An error or a status with a line's end in it is written as a string.
    public static func value(_ value: RESPValue) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, &bytes)
        return bytes
    }

    private static func append(_ value: RESPValue, _ bytes: inout [UInt8]) {
        switch value {
        case .simple(let text): isLine(text) ? line("+", text, &bytes) : string("$", Array(text.utf8), &bytes)
        case .error(let error): isLine(error.text) ? line("-", error.text, &bytes) : string("!", Array(error.text.utf8), &bytes)
        case .integer(let number): line(":", number, &bytes)
        case .bulk(let content): string("$", content, &bytes)
        case .null: bytes += "_\r\n".utf8
        case .double(let number): line(",", number, &bytes)
        case .boolean(let isTrue): line("#", isTrue ? "t" : "f", &bytes)
        case .bigNumber(let digits): line("(", digits, &bytes)
        case .verbatim(let format, let content): string("=", Array("\(format):".utf8) + content, &bytes)
        case .array(let values): aggregate("*", values, &bytes)
        case .set(let values): aggregate("~", values, &bytes)
        case .push(let values): aggregate(">", values, &bytes)
        case .map(let pairs):
            line("%", pairs.count, &bytes)
            for pair in pairs {
                append(pair.key, &bytes)
                append(pair.value, &bytes)
            }
        }
    }

    private static func isLine(_ text: String) -> Bool { text.utf8.count < 1 << 10 && !text.utf8.contains { $0 == 0x0A || $0 == 0x0D } }

    private static func line(_ kind: StaticString, _ content: some CustomStringConvertible, _ bytes: inout [UInt8]) {
        bytes.append(kind.utf8Start.pointee)
        bytes += content.description.utf8
        bytes += [0x0D, 0x0A]
    }

    private static func string(_ kind: StaticString, _ content: [UInt8], _ bytes: inout [UInt8]) {
        line(kind, content.count, &bytes)
        bytes += content
        bytes += [0x0D, 0x0A]
    }

    private static func aggregate(_ kind: StaticString, _ values: [RESPValue], _ bytes: inout [UInt8]) {
        line(kind, values.count, &bytes)
        for value in values { append(value, &bytes) }
    }
}
