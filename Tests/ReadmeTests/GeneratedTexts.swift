// Made-up descriptions: pieces of reST and Markdown, whole and broken, with odd characters, in any order and depth. The seed decides all.

struct GeneratedTexts {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(state: seed) }

    mutating func next() -> (type: String?, text: String) {
        let isMarkdown = Bool.random(using: &random)
        var text = (0..<Int.random(in: 1...6, using: &random)).map { _ in block(isMarkdown, depth: 0) }.joined(separator: "\n\n")
        if chance(30) { text = damaged(text) }
        if chance(10) { text = text.replacing("\n", with: "\r\n") }
        let types =
            isMarkdown ? ["text/markdown", "text/markdown; variant=GFM", "text/markdown; charset=UTF-8; variant=CommonMark"] : ["text/x-rst", nil]
        // Now and then a text meets the wrong renderer.
        return (chance(8) ? ["text/plain", "text/markdown", nil, "text/other"].randomElement(using: &random)! : pick(types), text)
    }

    // MARK: Pieces

    private static let words = [
        "alpha", "beta", "Straße", "日本語", "naïve", "e\u{301}", "🙂", "\u{202E}abc", "\u{200B}", "a_b", "_c_", "x*y", "<i>", "&amp;", "&#0;", "--",
        "...",
        "'quoted'", "\"quoted\"", "C:\\path", "\\*", "http://example.org/a?b=c&d", "www.example.org", "me@example.org", "#1", "@name", ":+1:", "|x|",
        "[1]_",
        "$x$", "1.", "`", "``", "**", "\u{A0}", "\u{85}", "\u{2028}", "\u{FFFE}", "\u{7F}",
    ]

    private mutating func phrase() -> String {
        (0..<Int.random(in: 1...7, using: &random)).map { _ in chance(6) ? control() : pick(Self.words) }.joined(separator: " ")
    }

    private mutating func control() -> String { String(Character(Unicode.Scalar(UInt8.random(in: 0..<32, using: &random)))) }

    private mutating func inline(_ isMarkdown: Bool) -> String {
        let text = phrase()
        let forms =
            isMarkdown
            ? [
                text, "*\(text)*", "**\(text)**", "~~\(text)~~", "`\(text)`", "[\(text)](https://example.org)", "![\(text)](a.png \"t\")",
                "<span class=\"a\" onclick=\"b\">\(text)</span>", "[\(text)](javascript:x)", "<!-- \(text) -->", "[\(text)][ref]",
                "<https://example.org>",
                "[^1]", "<b>\(text)", "</div>", "[a](#\(text))", "<a href='#b'>c</a>",
            ]
            : [
                text, "*\(text)*", "**\(text)**", "``\(text)``", "`\(text)`", "`\(text) <https://example.org>`_", "`a <mailto:me@example.org>`__",
                ":code:`\(text)`", ":sup:`2`", ":math:`x^2`", "word_", "|sub|", "[1]_", "[#]_", "[CIT]_", ":unknown:`\(text)`", ":pep:`440`",
                "_`target`",
            ]
        return pick(forms)
    }

    private mutating func block(_ isMarkdown: Bool, depth: Int) -> String {
        let line = inline(isMarkdown) + " " + inline(isMarkdown)
        let inner = depth < 5 && chance(60) ? block(isMarkdown, depth: depth + 1) : line
        let rule = String(repeating: pick(["=", "-", "~", "^", "*"]), count: Int.random(in: 2...60, using: &random))
        let code = "for x in range(3):\n    print('<b>', \"\(phrase())\")"
        let language = pick(["python", "console", "html", "c++", "no-such-language", "json", "\"><script>", "diff"])
        let forms =
            isMarkdown
            ? [
                "# \(line)", "###### \(line) ######", "\(line)\n\(rule)", line, "- \(indented(inner, by: 2))\n- [x] \(line)\n1) \(line)",
                "> \(prefixed(inner))",
                "```\(language)\n\(code)\n```", "~~~\n\(code)", "    \(code)", "| a | b |\n|:--|--:|\n| \(line) | \(line) |\n| c |",
                "<div align=\"center\">\n\n\(inner)\n\n</div>", "<details><summary>\(line)</summary>\n\n\(inner)\n</details>",
                "[ref]: https://example.org 'x'",
                "[^1]: \(line)", "> [!NOTE]\n> \(prefixed(inner))", "<table><tr><td colspan=2>\(line)</table>", "<script>\(line)</script>",
                "<img src=\"data:image/png;base64,AAAA\" width=10 style=x>", "***", "<!-- \(line)", "<h1 id=a>\(line)</h1>",
                "<input type=text checked>",
                "<picture><source srcset=a.png><img src='//b'></picture>",
            ]
            : [
                "\(line)\n\(rule)", "\(rule)\n\(line)\n\(rule)", "Heading\n=======\n\n\(inner)", line, "- \(indented(inner, by: 2))\n- \(line)",
                "1. \(indented(inner, by: 3))\n#. \(line)", "  \(indented(inner, by: 2))", "::\n\n    \(indented(code, by: 4))",
                ".. code:: \(language)\n\n    \(indented(code, by: 4))", ".. note::\n\n   \(indented(inner, by: 3))",
                ".. image:: https://example.org/a.svg\n   :target: https://example.org\n   :alt: \(line)",
                "===== =====\na     b\n===== =====\nc     d\n===== =====",
                "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+", "term\n    \(indented(inner, by: 4))", ":field: \(line)\n:other: b",
                ".. \(line)",
                ".. |sub| replace:: \(line)", ".. _word: https://example.org", ".. [1] \(line)", ".. [#] \(line)", ".. [CIT] \(line)",
                ".. raw:: html\n\n   <b>\(line)</b>", ".. include:: setup.py", ".. role:: unknown\n\n\(line)", ".. contents::", ".. math::\n\n   x^2",
                ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c\n     - d", ".. figure:: a.png\n\n   \(line)",
                ".. \(phrase())::",
                ">>> print(1)\n1", "| \(line)\n| \(line)", "-a  \(line)\n--b=c  \(line)", ".. admonition:: \(line)\n\n   \(indented(inner, by: 3))",
                "----",
                ".. container:: a b\n\n   \(indented(inner, by: 3))", ".. class:: a\n\n\(inner)", ".. default-role:: strong\n\n`a`",
                ".. image:: data:x,y",
            ]
        return pick(forms)
    }

    // MARK: Shapes

    private func indented(_ text: String, by spaces: Int) -> String { text.replacing("\n", with: "\n" + String(repeating: " ", count: spaces)) }

    private func prefixed(_ text: String) -> String { text.replacing("\n", with: "\n> ") }

    private mutating func damaged(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let position = Int.random(in: 0...scalars.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                scalars.insert(
                    contentsOf: pick(["`", "*", "_", "<", ">", "[", "]", "\t", "\n", "\\", "|", "&", "\0", "::", "\u{B}"]).unicodeScalars,
                    at: position
                )
            case 1 where position < scalars.count: scalars.remove(at: position)
            case 2: scalars.insert(contentsOf: scalars[max(0, position - 10)..<position], at: position)
            default: scalars.removeSubrange(position..<min(scalars.count, position + 4))
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item { items.randomElement(using: &random)! }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
