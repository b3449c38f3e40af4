// What becomes of descriptions of each type, good and bad.

import Foundation
import Markup
import Readme
import Testing

@Suite struct ReadmeRendererTests {
    @Test func `each content type has its renderer`() async throws {
        let renderer = try await sharedRenderer.value
        func html(_ text: String, _ type: String?) async throws -> String? { try await renderer.render(text, contentType: type).html }
        #expect(try await html("*a* <b>", nil) == "<p><em>a</em> &lt;b&gt;</p>\n")
        #expect(try await html("*a*", "") == "<p><em>a</em></p>\n")
        #expect(try await html("*a*", "text/x-rst; charset=UTF-8") == "<p><em>a</em></p>\n")
        #expect(try await html("~~a~~ *b*", "text/markdown") == "<p><del>a</del> <em>b</em></p>\n")
        #expect(try await html("~~a~~", "text/markdown; charset=UTF-8; variant=GFM") == "<p><del>a</del></p>\n")
        #expect(try await html("~~a~~", "Text/Markdown;variant=CommonMark") == "<p><del>a</del></p>\n")
        #expect(try await html("*a*\n  <b>", "text/plain") == "<pre>*a*<br>  &lt;b&gt;</pre>")
        #expect(try await html("*a*\n  <b>", "text/html") == "*a*<br>  &lt;b&gt;")
        // The reference's parser takes what it cannot read for plain text.
        #expect(try await html("*a*", "nonsense") == "<pre>*a*</pre>")
    }

    @Test func `the renderer's name and version come with the HTML`() async throws {
        let renderer = try await sharedRenderer.value
        let rendering = try await renderer.render("a", contentType: "text/plain")
        #expect(rendering == .html("<pre>a</pre>", renderer: "readme_renderer 46.0"))
        #expect(await renderer.availability() == .ready("readme_renderer 46.0"))
    }

    @Test(arguments: [
        (".. include:: /etc/passwd", #"line 1: (WARNING/2) "include" directive disabled."#),
        ("a\n\n.. raw:: html\n\n   <b>b</b>", #"line 3: (WARNING/2) "raw" directive disabled."#),
        (".. csv-table::\n   :file: /etc/passwd", #""csv-table" directive"#),
        ("Title\n=====\n\nOther\n--\n\n.. nothing::", #"Unknown directive type "nothing""#),
        ("`a <b", "line 1: (WARNING/2) Inline interpreted text"),
        ("Title and more\n====", "line 2: (WARNING/2) Title underline too short."),
        ("", "No content rendered from RST source."),
        (".. |x| unicode:: 0xD800\n\nOne |x| half of a pair.", "No content was left"),
    ])
    func `reST with a warning is refused with the line`(text: String, reason: String) async throws {
        let renderer = try await sharedRenderer.value
        let refusal = try await renderer.render(text, contentType: nil).refusal
        #expect(refusal?.contains(reason) == true, "\(refusal ?? "nothing")")
    }

    @Test func `Markdown is refused only when nothing comes of it`() async throws {
        let renderer = try await sharedRenderer.value
        #expect(try await renderer.render(" \n\t\n", contentType: "text/markdown").refusal == "No content rendered from Markdown source.")
        #expect(try await renderer.render("[a](b", contentType: "text/markdown").html == "<p>[a](b</p>\n")
    }

    @Test func `a reason is cut to a few lines`() async throws {
        let renderer = try await sharedRenderer.value
        let long = "Title" + String(repeating: "x", count: 5_000) + "\n=="
        let refusal = try #require(try await renderer.render("a\n\n" + long + "\n\n.. a::" + long, contentType: nil).refusal)
        #expect(refusal.count <= 1_000 && refusal.split(separator: "\n").count <= 8)
    }

    @Test func `what could run or lead elsewhere is cleaned away`() async throws {
        let renderer = try await sharedRenderer.value
        let markdown = """
            <script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) <a href="vbscript:x">b</a>
            <iframe src="https://example.org"></iframe><p style="position:fixed" onclick="x()">c</p>

            [d](https://example.org) [e](javascript:alert(1))
            """
        let html = try #require(try await renderer.render(markdown, contentType: "text/markdown").html)
        for forbidden in ["<script", "onerror", "href=\"javascript", "vbscript", "<iframe", "style=", "onclick"] {
            #expect(!html.contains(forbidden), "\(forbidden) in \(html)")
        }
        #expect(html.contains("<a href=\"https://example.org\" rel=\"nofollow\">d</a>"))
        let rst = try #require(try await renderer.render("`a <javascript:alert(1)>`__\n\n.. image:: javascript:x", contentType: nil).html)
        #expect(!rst.contains("javascript:alert"))
    }

    @Test func `an image cannot show or detect a file of the server`() async throws {
        let file = Interpreters.folder.appendingPathComponent("ReadmeRendererTests.swift").path
        let renderer = try await sharedRenderer.value
        // The suffix makes docutils think of SVG, which it puts into the page; both files exist.
        for path in ["/etc/passwd#x.svg", "\(file)#x.svg"] {
            let refusal = try await renderer.render(".. image:: \(path)\n   :loading: embed", contentType: nil).refusal
            #expect(refusal?.contains("No such file") == true, "\(refusal ?? "nothing")")
        }
    }

    @Test func `a text cannot change what the next one means`() async throws {
        var limits = RendererLimits.patient
        limits.helpers = 1
        try await withRenderer(limits: limits) { renderer async throws in
            #expect(try await renderer.render(".. role:: mine\n\n:mine:`a`", contentType: nil).html == "<p><span class=\"mine\">a</span></p>\n")
            #expect(try await renderer.render(":mine:`a`", contentType: nil).refusal?.contains("Unknown interpreted text role") == true)
            // Stops after changing the default role, before docutils restores it.
            #expect(try await renderer.render(".. default-role:: strong\n\n.. raw:: html\n\n   a", contentType: nil).refusal != nil)
            #expect(try await renderer.render("`a`", contentType: nil).html == "<p><cite>a</cite></p>\n")
            // Gives a class to a formula.
            let formula = ".. math::\n\n   x"
            let plain = try await renderer.render(formula, contentType: nil)
            #expect(try await renderer.render(".. class:: mine\n\n" + formula, contentType: nil).html?.contains("mine") == true)
            #expect(try await renderer.render(formula, contentType: nil) == plain)
        }
    }

    @Test func `texts of two megabytes are rendered`() async throws {
        let renderer = try await sharedRenderer.value
        let text = String(repeating: "A line of text that says nothing much, with an ä.\n", count: 40_000)
        let html = try #require(try await renderer.render(text, contentType: "text/plain").html)
        #expect(html.utf8.count > text.utf8.count && html.hasSuffix("ä.<br></pre>"))
        #expect(try await renderer.render(String(repeating: "*a* b\n\n", count: 100_000), contentType: "text/markdown").html != nil)
    }

    @Test func `control characters and every plane of Unicode pass`() async throws {
        let renderer = try await sharedRenderer.value
        let scalars = (1..<0x3000).compactMap(Unicode.Scalar.init).map(Character.init) + ["\u{10FFFF}", "\u{1F600}", "\0"]
        let html = try await renderer.render(String(scalars), contentType: "text/plain").html
        #expect(html?.contains("\u{1F600}") == true)
    }

    @Test func `plain text is escaped where there is no renderer`() {
        #expect(ReadmeRenderer.plainText("a <b> & \"c\"\n").description == "<pre>a &lt;b&gt; &amp; &quot;c&quot;\n</pre>")
    }
}
