import Foundation
import Registry
import SQLDatabase
import TestPrograms
import TestSupport
import Testing

/// Step 16 of index §2.3, with §2.7: the description becomes HTML.
@Suite struct `The description of an upload` {
    private static func python() async throws -> String {
        try await PythonEnvironment.interpreter("readme", requirements: "Tests/ReadmeTests/requirements.txt")
    }

    private static func upload(_ description: String, type: String?) -> UploadBuilder {
        UploadBuilder.wheel("demo", "1.0").with("description", description).with("description_content_type", type)
    }

    private func stored(_ description: String, type: String?, python: String) async throws -> (html: String?, renderer: String?) {
        var row: Row?
        try await TestIndex.run(python: python) { test in
            try await test.user()
            try await test.publish(Self.upload(description, type: type), token: try await test.token())
            row = try await test.db.query("SELECT raw, content_type, html, rendered_by FROM release_descriptions").first
        }
        let found = try #require(row)
        #expect(try found["raw", as: String.self] == description)
        #expect(try found["content_type", as: String?.self] == type)
        return (try found["html"], try found["rendered_by"])
    }

    @Test(arguments: [
        ("*Hello*, world\n", String?.none, "<p><em>Hello</em>, world</p>\n"), ("*Hello*\n", "text/x-rst", "<p><em>Hello</em></p>\n"),
        ("*Hello* <script>x</script>\n", "text/markdown; charset=UTF-8; variant=GFM", "<p><em>Hello</em> &lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("*Hello* <b>\n", "text/plain", "<pre>*Hello* &lt;b&gt;<br></pre>"),
    ])
    func `step 16: each type is rendered by its own rules, and text, HTML, type and renderer are kept`(
        text: String,
        type: String?,
        html: String
    ) async throws {
        let found = try await stored(text, type: type, python: try await Self.python())
        #expect(found.html == html)
        #expect(found.renderer == "readme_renderer 46.0")
    }

    @Test(arguments: [
        ("A long title\n====\n", String?.none, "in the default format of reStructuredText", "Title underline too short"),
        (".. raw:: html\n\n   <b>\n", "text/x-rst", "for 'text/x-rst'", "raw"),
        (".. include:: /etc/passwd\n", "text/x-rst", "for 'text/x-rst'", "include"),
        (" \n", "text/markdown", "for 'text/markdown'", "No content rendered"),
    ])
    func `step 16: a text that does not render is refused with type, reason and help, before the file's name is looked at`(
        text: String,
        type: String?,
        said: String,
        reason: String
    ) async throws {
        try await TestIndex.run(python: try await Self.python()) { test in
            try await test.user()
            let token = try await test.token()
            let upload = Self.upload(text, type: type).with(filename: "wrong.exe")
            let rejection = await refusal { try await test.publish(upload, token: token) }
            #expect(rejection.reason == .invalid && rejection.field == "description")
            #expect(rejection.message.hasPrefix("The description failed to render \(said): "))
            #expect(rejection.message.contains(reason), "\(rejection.message)")
            #expect(rejection.message.contains("/help/#description-content-type"))
            #expect(!rejection.message.contains("\n"))
            #expect(try await test.db.query("SELECT id FROM projects").isEmpty)
        }
    }

    @Test func `no description is nothing to render`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            #expect(try await test.publish(Self.upload("", type: "text/markdown"), token: try await test.token()) == .published())
            #expect(try await test.db.query("SELECT release_id FROM release_descriptions").isEmpty)
        }
    }

    @Test func `without a renderer a description is plain text, and even one that would not render is published`() async throws {
        let found = try await stored("Title <b>\n=\n", type: "text/x-rst", python: "/no/interpreter")
        #expect(found.html == "<pre>Title &lt;b&gt;\n=\n</pre>")
        #expect(found.renderer == nil)
        try await TestIndex.run { test in
            try await test.user()
            let outcome = try await test.publish(Self.upload("Words", type: nil), token: try await test.token())
            #expect(outcome.warnings.count == 1 && outcome.warnings[0].contains("plain text"))
        }
    }

    @Test func `a text on which two helpers die is refused, and the next one is not`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The real interpreter, with a library that brings it down whenever it meets a certain word.
        let fault =
            "import os, readme_renderer.markdown as m; right = m.render; m.render = lambda text, **rest: os._exit(9) if 'DEADLY' in text else right(text, **rest); "
        let script = """
            #!/usr/bin/env bash
            arguments=("$@")
            for place in "${!arguments[@]}"; do
                [ "${arguments[place]}" = -c ] && arguments[place + 1]="\(fault)${arguments[place + 1]}"
            done
            exec '\(try await Self.python())' "${arguments[@]}"
            """
        try script.write(toFile: "\(folder)/python", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/python")
        try await TestIndex.run(python: "\(folder)/python") { test in
            try await test.user()
            let token = try await test.token()
            let rejection = await refusal { try await test.publish(Self.upload("DEADLY words\n", type: "text/markdown"), token: token) }
            #expect(rejection.field == "description" && rejection.reason == .invalid, "\(rejection)")
            #expect(try await test.publish(Self.upload("Good words\n", type: "text/markdown"), token: token) == .published())
        }
    }

    @Test func `a team's index shows a text that does not render as plain text, and says why`() async throws {
        try await TestIndex.run(settings: IndexSettings(rules: .team), python: try await Self.python()) { test in
            try await test.user()
            let outcome = try await test.publish(Self.upload("A long title\n====\n", type: nil), token: try await test.token())
            #expect(outcome.warnings.count == 1)
            #expect(outcome.warnings.first?.hasSuffix("It is shown as plain text.") == true, "\(outcome.warnings)")
            let row = try #require(try await test.db.query("SELECT html FROM release_descriptions").first)
            #expect(try row["html", as: String.self].contains("A long title"))
            let events = try await test.db.query("SELECT details FROM events WHERE tag = 'file:rule:warning'")
            #expect(try events.map { try $0["details", as: String.self].contains("broken_descriptions") } == [true])
        }
    }
}
