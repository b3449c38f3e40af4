// Index pages, byte for byte.

import Packaging
import Testing

@Suite struct SimpleProjectTests {
    private let hash = String(repeating: "ab", count: 32)

    private var plain: SimpleFile {
        SimpleFile(filename: "demo-1.tar.gz", url: "/files/demo-1.tar.gz", sha256: hash, size: 10, uploadTime: 0)
    }

    private var decorated: SimpleFile {
        SimpleFile(
            filename: "demo-1-py3-none-any.whl",
            url: "https://files.example/demo-1-py3-none-any.whl",
            sha256: hash,
            requiresPython: ">=3.8,<4",
            size: 12_345_678_901,
            uploadTime: 1_700_000_000_000_001,
            yanked: .yes(reason: nil),
            coreMetadataSHA256: hash,
            provenanceURL: "https://index.example/integrity/demo/1/demo-1-py3-none-any.whl/provenance"
        )
    }

    private func page(_ files: [SimpleFile], status: SimpleProject.Status = .active) -> SimpleProject {
        SimpleProject(name: NormalizedName(normalizing: "Demo"), status: status, lastSerial: 42, versions: files.isEmpty ? [] : ["1"], files: files)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `the HTML page has the frozen white space`() {
        let expected = """
            <!DOCTYPE html>
            <html lang="en">
              <head>
                <meta name="pypi:repository-version" content="1.4">
            <meta name="pypi:project-status" content="active">    <title>Links for demo</title>
              </head>
              <body>
                <h1>Links for demo</h1>
            <a href="/files/demo-1.tar.gz#sha256=HEX" >demo-1.tar.gz</a><br />
            <a href="https://files.example/demo-1-py3-none-any.whl#sha256=HEX" data-requires-python="&gt;=3.8,&lt;4" data-yanked="" \
            data-dist-info-metadata="sha256=HEX" data-core-metadata="sha256=HEX" \
            data-provenance="https://index.example/integrity/demo/1/demo-1-py3-none-any.whl/provenance">demo-1-py3-none-any.whl</a><br />
            </body>
            </html>
            <!--SERIAL 42-->
            """
        let lines = expected.split(separator: "HEX", omittingEmptySubsequences: false).joined(separator: hash)
        #expect(text(page([plain, decorated]).html) == lines)
    }

    @Test func `a page without files is a page`() {
        #expect(text(page([], status: .quarantined).html).hasSuffix("    <h1>Links for demo</h1>\n</body>\n</html>\n<!--SERIAL 42-->"))
        let json =
            #"{"files":[],"meta":{"_last-serial":42,"api-version":"1.4"},"name":"demo","#
            + #""project-status":{"status":"quarantined"},"versions":[]}"#
        #expect(text(page([], status: .quarantined).json) == json + "\n")
    }

    @Test func `a yanked file with provenance but no metadata has two spaces in HTML`() {
        let file = SimpleFile(filename: "f", url: "u", sha256: "h", size: 1, uploadTime: 1, yanked: .yes(reason: "a \"b\" & 'c'"), provenanceURL: "p")
        let line = "<a href=\"u#sha256=h\" data-yanked=\"a &#34;b&#34; &amp; &#39;c&#39;\"  data-provenance=\"p\">f</a><br />\n"
        #expect(text(page([file]).html).contains(line))
    }

    @Test func `the JSON page has sorted keys, all of them, and a line feed`() {
        let provenance = #""https://index.example/integrity/demo/1/demo-1-py3-none-any.whl/provenance""#
        let expected =
            #"{"files":[{"core-metadata":false,"data-dist-info-metadata":false,"filename":"demo-1.tar.gz","hashes":{"sha256":"HEX"},"#
            + #""provenance":null,"requires-python":null,"size":10,"upload-time":"1970-01-01T00:00:00Z","url":"/files/demo-1.tar.gz","yanked":false},"#
            + #"{"core-metadata":{"sha256":"HEX"},"data-dist-info-metadata":{"sha256":"HEX"},"filename":"demo-1-py3-none-any.whl","#
            + #""hashes":{"sha256":"HEX"},"provenance":"# + provenance
            + #","requires-python":">=3.8,<4","size":12345678901,"upload-time":"2023-11-14T22:13:20.000001Z","#
            + #""url":"https://files.example/demo-1-py3-none-any.whl","yanked":true}],"meta":{"_last-serial":42,"api-version":"1.4"},"#
            + #""name":"demo","project-status":{"status":"active"},"versions":["1"]}"#
        let lines = expected.split(separator: "HEX", omittingEmptySubsequences: false).joined(separator: hash) + "\n"
        #expect(text(page([plain, decorated]).json) == lines)
    }

    @Test func `JSON strings are raw UTF-8 with the escapes of Python`() {
        let name = "é\u{1}\u{1F}\u{7F}\"\\/\n\t\u{8}\u{C}\r"
        let file = SimpleFile(filename: name, url: "u", sha256: "h", size: 1, uploadTime: 1, yanked: .yes(reason: "ü"))
        let json = text(page([file]).json)
        #expect(json.contains(#""filename":"é\u0001\u001f"# + "\u{7F}" + #"\"\\/\n\t\b\f\r""#))
        #expect(json.contains(#""yanked":"ü""#))
    }

    @Test func `an empty reason and an empty Python requirement count as none`() {
        let file = SimpleFile(filename: "f", url: "u", sha256: "h", requiresPython: "", size: 1, uploadTime: 1, yanked: .yes(reason: ""))
        #expect(file.requiresPython == nil)
        #expect(file.yanked == .yes(reason: nil))
    }
}
