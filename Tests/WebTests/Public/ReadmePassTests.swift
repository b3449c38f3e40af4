import Markup
import Testing

@testable import Web

@Suite struct ReadmePassTests {
    private func shown(_ html: String, limit: Int = 1 << 20) -> (html: String, isCut: Bool) {
        var html = html
        return html.withUTF8 { bytes in
            var pass = ReadmePass(bytes, limit: limit)
            pass.run()
            return (String(decoding: pass.result, as: UTF8.self), pass.isCut)
        }
    }

    @Test func `empty links, boxes, languages, and what scrolls are made fit for keyboards`() {
        #expect(shown(##"<h2><a href="#x-1" rel="nofollow"></a>One</h2>"##).html == "<h2>One</h2>")
        #expect(shown(##"<a href="#x">kept</a>"##).html == ##"<a href="#x">kept</a>"##)
        #expect(shown(#"<li><input type="checkbox" disabled="" checked=""> done</li>"#).html == "<li>☑ done</li>")
        #expect(shown(#"<input disabled="" type="checkbox">"#).html == "☐")
        #expect(shown(#"<pre lang="c++">x</pre><pre>y</pre>"#).html == "<pre tabindex=0>x</pre><pre tabindex=0>y</pre>")
        #expect(shown("<table><tr><td>1</td></tr></table>").html == "<table tabindex=0><tr><td>1</td></tr></table>")
        #expect(shown(#"<table class="a">"#).html == #"<table tabindex=0 class="a">"#)
        #expect(shown(#"<tablet>"#).html == #"<tablet>"#)
    }

    @Test func `what stands in a value or in text is no element`() {
        for html in [
            #"<img alt="<pre>" src="x">"#, #"<a title="<input type=&quot;checkbox&quot;>" href="y">z</a>"#, "&lt;pre&gt;", #"<img alt="a > b">"#,
            "<p>" + String(repeating: "ä", count: 100) + "</p>",
        ] { #expect(shown(html).html == html) }
    }

    @Test func `a long text is cut where nothing is broken, and everything that is open is closed`() {
        let html = "<div><p>" + String(repeating: "ä&amp;", count: 1000) + "</p></div>"
        for limit in 20...120 {
            let (cut, isCut) = shown(html, limit: limit)
            #expect(isCut)
            #expect(cut.hasSuffix("</p></div>"), "\(cut)")
            #expect(!cut.contains("\u{FFFD}"))
            let text = cut.dropFirst("<div><p>".count).dropLast("</p></div>".count)
            #expect(text.replacing("ä", with: "").replacing("&amp;", with: "").isEmpty, "\(text)")
        }
        let list = "<ul>" + String(repeating: "<li><b>x</b></li>", count: 1000) + "</ul>"
        for limit in 30...90 { #expect(shown(list, limit: limit).html.hasSuffix("</ul>")) }
        #expect(!shown(html).isCut && shown(html).html == html)
        let deep = String(repeating: "<b>", count: 5000)
        let closed = shown(deep)
        #expect(closed.isCut && closed.html.split(separator: "</b>").count <= 201)
    }

    // Finding 4: the page of a two-megabyte readme took seconds at each view.
    @Test func `what is shown is bounded, whatever was written`() {
        for text in [
            String(repeating: ##"<a href="#a">x</a> "##, count: 25_000), String(repeating: "&lt;", count: 200_000),
            String(repeating: #"<input type="checkbox">"#, count: 25_000), String(repeating: "<pre>", count: 50_000), String(repeating: "<", count: 200_000),
        ] {
            let shown = shown(text, limit: 50_000)
            #expect(shown.isCut)
            #expect(shown.html.utf8.count < 60_000)
        }
        #expect(ReadmeHTML.beginning(of: String(repeating: "ä", count: 1 << 20)).utf8.count == ReadmeHTML.longest)
        #expect(ReadmeHTML.beginning(of: "short") == "short")
        #expect(ReadmeHTML.beginning(of: "x" + String(repeating: "ä", count: 1 << 20)).utf8.count == ReadmeHTML.longest - 1)
    }
}
