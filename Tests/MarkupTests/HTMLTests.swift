import Testing

@testable import Markup

@Suite struct HTMLTests {
    @Test func `a literal is taken as it is`() {
        let html: HTML = "<p class=\"a\">Tom & Jerry's — “é”</p>"
        #expect(html.description == "<p class=\"a\">Tom & Jerry's — “é”</p>")
        #expect(html.bytes == Array(html.description.utf8))
    }

    @Test(
        arguments: [
            ("", ""), ("plain", "plain"), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"), ("a & b", "a &amp; b"),
            ("&amp;", "&amp;amp;"),
            ("\" onclick='x'", "&quot; onclick=&#x27;x&#x27;"), ("<<>>", "&lt;&lt;&gt;&gt;"), ("é<€>😀&e\u{301}", "é&lt;€&gt;😀&amp;e\u{301}"),
            ("a\u{0}b", "a\u{FFFD}b"),
            // A combining mark makes one character with the sign before it; the sign must be escaped all the same.
            ("<\u{338}b>\u{338}&\u{301}\"\u{20D2}'\u{301}", "&lt;\u{338}b&gt;\u{338}&amp;\u{301}&quot;\u{20D2}&#x27;\u{301}"),
            ("a\r\n<", "a\r\n&lt;"),
        ]
    )
    func `interpolated text is escaped`(text: String, escaped: String) {
        let html: HTML = "<b title=\"\(text)\">\(text)</b>"
        #expect(Array(html.description.utf8) == Array("<b title=\"\(escaped)\">\(escaped)</b>".utf8))
        #expect(Array(HTML(escaping: text).bytes) == Array(escaped.utf8))
    }

    @Test func `substrings and numbers can be interpolated`() {
        let html: HTML = "\("a<b".dropFirst()) \(-5) \(UInt8(7)) \(Int64.max)"
        #expect(html.description == "&lt;b -5 7 9223372036854775807")
    }

    @Test func `interpolated HTML is not escaped again`() {
        let name: HTML = "<i>\("<x>")</i>"
        let page: HTML = "<p>\(name)</p>"
        #expect(page.description == "<p><i>&lt;x&gt;</i></p>")
    }

    @Test func `a string literal inside an interpolation is data too`() {
        let html: HTML = "<p>\("<b>" as String)</p>"
        #expect(html.description == "<p>&lt;b&gt;</p>")
    }

    @Test func `items are written one after the other`() {
        func row(_ name: String) -> HTML { "<li>\(name)</li>" }
        let html: HTML = "<ul>\(each: ["a", "<"], row)\(each: [1, 2], { "<li>\($0)</li>" })\(each: [], row)</ul>"
        #expect(html.description == "<ul><li>a</li><li>&lt;</li><li>1</li><li>2</li></ul>")
    }

    @Test func `conditions and optionals choose, and make only what they show`() {
        var made = 0
        func costly() -> HTML {
            made += 1
            return "<b/>"
        }
        let nothing: String? = nil
        let absent: HTML? = nil
        let html: HTML =
            "\(if: true, "yes")\(if: false, costly())\(if: false, costly(), else: "no")\(optional: nothing, { "<\($0)>" }, else: "-")\(optional: "<", { "[\($0)]" })\(absent)"
        #expect(html.description == "yesno-[&lt;]")
        #expect(made == 0)
    }

    @Test func `pieces are put together`() {
        var html: HTML = "<a>"
        html += "</a>"
        #expect((html + .empty).description == "<a></a>")
        #expect([html, html].joined(separator: ", ").description == "<a></a>, <a></a>")
        #expect(HTML.empty.isEmpty && !html.isEmpty)
        #expect(HTML(trusting: "<hr>").description == "<hr>")
    }
}
