/// The headers of a mail, written one after the other, folded and encoded (RFC 5322 §2.2.3, RFC 2047).
struct HeaderFields {
    private(set) var bytes: [UInt8] = []

    /// Of a line; longer ones are for what can not be folded.
    private static let width = 76

    /// - Parameter raw: fits and holds nothing strange.
    mutating func add(_ name: String, raw: String) { bytes += Array("\(name): \(raw)\r\n".utf8) }

    mutating func add(_ name: String, text: String) {
        let isPlain = EncodedWords.areNotNeeded(for: text)
        add(
            name,
            words: isPlain ? text.split(separator: " ").map(String.init) : EncodedWords.encode(text, firstWidth: Self.width - name.utf8.count - 2)
        )
    }

    mutating func add(_ name: String, address: MailAddress) {
        var words = address.name.map { Self.phrase($0, firstWidth: Self.width - name.utf8.count - 2) } ?? []
        words.append(words.isEmpty ? address.address : "<\(address.address)>")
        add(name, words: words)
    }

    /// With a space between each two, or the beginning of another line.
    private mutating func add(_ name: String, words: [String]) {
        bytes += Array("\(name):".utf8)
        var column = name.utf8.count + 1
        for (number, word) in words.enumerated() {
            // Never at once after the name: there are readers that take that for an empty header.
            if number > 0, column + 1 + word.utf8.count > Self.width {
                bytes += [0x0D, 0x0A]
                column = 0
            }
            bytes += [0x20] + Array(word.utf8)
            column += 1 + word.utf8.count
        }
        bytes += [0x0D, 0x0A]
    }

    /// A display name (RFC 5322 §3.2.5).
    private static func phrase(_ name: String, firstWidth: Int) -> [String] {
        guard EncodedWords.areNotNeeded(for: name), name.utf8.count <= 60 else { return EncodedWords.encode(name, firstWidth: firstWidth) }
        let isPlain = name.unicodeScalars.allSatisfy { $0.isAtomText || $0 == " " }
        if isPlain { return name.split(separator: " ").map(String.init) }
        // Folded, it would have to be put together again exactly: one piece.
        return ["\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""]
    }
}
