/// What a server answers: a number and text for people (RFC 5321 §4.2).
struct SMTPReply: Sendable, Hashable {
    /// From 200 to 599.
    let code: Int
    /// As they came, without the number; at least one.
    let lines: [[UInt8]]

    /// What the first digit says.
    enum Kind {
        case accepted
        case goOn
        case temporaryFailure
        case permanentFailure
    }

    var kind: Kind {
        switch code {
        case ..<300: .accepted
        case ..<400: .goOn
        case ..<500: .temporaryFailure
        default: .permanentFailure
        }
    }

    /// The enhanced status code at the beginning of the text (RFC 3463 §2), if there is one.
    var status: String? {
        let word = lines[0].prefix { $0 != 0x20 }
        let numbers = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isStatus =
            numbers.count == 3 && numbers[0].count == 1 && numbers[0][numbers[0].startIndex] == UInt8(ascii: "0") + UInt8(code / 100)
            && numbers.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy { (0x30...0x39).contains($0) } }
        return isStatus ? String(decoding: word, as: UTF8.self) : nil
    }

    /// The text in one line of 200 characters at most. A server may say anything, and repeat what it was told; so controls are left out, and of
    /// addresses, links and whatever is as long as a token there is only `…`.
    var shown: String {
        let status = status
        var shown = ""
        for line in lines {
            for word in String(decoding: line, as: UTF8.self).split(whereSeparator: { $0.isWhitespace }) where word != status ?? "" {
                let visible = String(
                    String.UnicodeScalarView(word.unicodeScalars.filter { !$0.isControl && $0.properties.generalCategory != .format })
                )
                let isTelling = visible.unicodeScalars.count > 24 || visible.contains("@") || visible.contains("://")
                let added = isTelling ? "…" : visible
                guard !added.isEmpty else { continue }
                guard shown.unicodeScalars.count + added.unicodeScalars.count + 1 <= 200 else { return shown }
                shown += (shown.isEmpty ? "" : " ") + added
            }
        }
        return shown
    }
}
