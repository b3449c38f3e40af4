// Mails of every kind, the same ones on every run.

import Backends

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

enum GeneratedMail {
    static let words = [
        "a", "release", "of", "numpy", "=?utf-8?q?no?=", "(comment)", "\"quoted\"", "back\\slash", "<angle>", "comma,", "semi;", "@at", ".", "..",
        "=", "=3D", "_",
        "From", "naïve", "Ünï", "日本語のパッケージ", "🎉", "👩🏽‍💻", "שלום", "مرحبا", "e\u{301}", "ﬀ", "\u{200F}rtl", "𝕏", "ß", "–", "--", "--=_alternative",
        "?=",
        "https://index.example/account/verify/?token=" + String(repeating: "Ab9_-", count: 30),
    ]

    static func phrase(_ count: Int, _ random: inout Seeded) -> String {
        (0..<count).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: Bool.random(using: &random) ? " " : "  ")
    }

    /// Several lines: empty ones, long ones, ones that begin with a dot, that end in white space, or end the text without a line break.
    static func body(_ random: inout Seeded) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: text += "\n"
            case 1: text += ".\n"
            case 2: text += ".." + phrase(2, &random) + "\n"
            case 3: text += String(repeating: "x", count: Int.random(in: 60...2000, using: &random)) + "\n"
            case 4: text += phrase(3, &random) + " \t \n"
            case 5: text += "From " + phrase(2, &random) + "\n"
            case 6: text += String(repeating: "ñ.", count: Int.random(in: 0...60, using: &random)) + "\n"
            default: text += phrase(Int.random(in: 1...20, using: &random), &random) + "\n"
            }
        }
        return Bool.random(using: &random) ? text : text + "the last line"
    }

    static func message(_ random: inout Seeded, number: Int) throws -> MailMessage {
        let isInternational = number % 10 == 9
        return try MailMessage(
            from: MailAddress(
                "noreply@index.example",
                name: number % 5 == 0 ? nil : phrase(Int.random(in: 1...4, using: &random), &random).trimmed(to: 390)
            ),
            to: MailAddress(
                isInternational ? "user+\(number)@例え.テスト" : "user+\(number)@a.example",
                name: number % 3 == 0 ? nil : phrase(2, &random).trimmed(to: 390)
            ),
            subject: phrase(Int.random(in: 0...12, using: &random), &random).trimmed(to: 1900),
            text: body(&random),
            html: number % 2 == 0 ? nil : "<p>" + body(&random) + "</p>",
            id: "\(number).\(random.next())@index.example",
            date: Int64.random(in: 0..<4_000_000_000_000_000, using: &random),
            headers: [
                MailHeader("Auto-Submitted", "auto-generated"),
                MailHeader("List-Unsubscribe", "<https://index.example/unsubscribe?token=" + String(repeating: "t", count: 300) + ">"),
                MailHeader("X-Generated", phrase(4, &random).trimmed(to: 880)),
            ]
        )
    }
}

extension MailMessage {
    /// Its text as it arrives: where nothing follows it, its last line has an end.
    var arrivingText: String { html != nil || text.isEmpty || text.hasSuffix("\n") ? text : text + "\n" }
}

extension String {
    /// Its first characters, of so many bytes at most.
    func trimmed(to limit: Int) -> String {
        var text = ""
        for character in self where text.utf8.count + String(character).utf8.count <= limit { text.append(character) }
        return text
    }
}
