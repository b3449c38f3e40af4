// Metadata of an upload, judged.

import Packaging
import Testing

@Suite struct CoreMetadataTests {
    private static let base = [("metadata_version", "2.4"), ("name", "demo"), ("version", "1.0")]

    private func errors(_ extra: [(String, String)], _ rules: MetadataRules = .index) -> [MetadataError] {
        let names = Set(extra.map(\.0))
        do {
            _ = try CoreMetadata(form: Self.base.filter { !names.contains($0.0) } + extra).validated(by: rules)
            return []
        } catch {
            return error.errors
        }
    }

    @Test func `the smallest metadata is valid`() {
        #expect(errors([]) == [])
    }

    @Test func `a form is read field by field and other fields are ignored`() throws {
        let form =
            Self.base + [
                (":action", "file_upload"), ("summary", ""), ("keywords", "a, b"), ("classifiers", "x"), ("classifiers", "y"),
                ("project_urls", "Home , https://example.org/a,b"), ("project-url", "ignored"), ("platform", "any"), ("license_file", "LICENSE"),
            ]
        let metadata = try CoreMetadata(form: form)
        #expect(metadata.summary == nil)
        #expect(metadata.keywords == ["a", "b"])
        #expect(metadata.classifiers == ["x", "y"])
        #expect(metadata.projectURLs == [.init(label: "Home", url: "https://example.org/a,b")])
        #expect(metadata.platforms == ["any"])
        #expect(metadata.licenseFiles == ["LICENSE"])
        #expect(metadata.presentFields.count == 8)
    }

    @Test func `a repeated single field or project URL label cannot be read`() {
        #expect(errors([("summary", "a"), ("summary", "b")]).map(\.field) == ["summary"])
        #expect(errors([("project_urls", "A, http://x"), ("project_urls", "A, http://y")]).map(\.field) == ["project-url"])
        #expect(errors([("project_urls", "A, http://x"), ("project_urls", "a, http://y")]) == [])
    }

    @Test func `stored forms are re-serialized`() throws {
        let metadata = try CoreMetadata(
            form: Self.base + [
                ("requires_python", ">=3.8, <4"), ("requires_dist", "foo (>1)"), ("provides_extra", "Test_Extra"),
                ("license_expression", "mit or apache-2.0"), ("dynamic", "requires-dist"),
            ]
        ).validated()
        #expect(metadata.requiresPython == "<4,>=3.8")
        #expect(metadata.requiresDist == ["foo>1"])
        #expect(metadata.providesExtra == ["test-extra"])
        #expect(metadata.licenseExpression == "MIT OR Apache-2.0")
        #expect(metadata.dynamic == ["Requires-Dist"])
    }

    @Test(arguments: [
        ("metadata_version", "2.0", "metadata-version"), ("metadata_version", "2.6", "metadata-version"), ("name", "-demo", "name"),
        ("version", "one", "version"), ("version", "1.0+local", "version"), ("summary", "a\nb", "summary"),
        ("description_content_type", "text/plain; charset=utf-8", "description-content-type"),
        ("author_email", "nobody", "author-email"), ("maintainer_email", "M <m@localhost>", "maintainer-email"),
        ("classifiers", "Nonsense", "classifier"), ("classifiers", "Natural Language :: Ukranian", "classifier"),
        ("home_page", "ftp://example.org", "home-page"), ("download_url", "http://x:65536/", "download-url"),
        ("project_urls", "https://example.org", "project-url"), ("project_urls", ", https://example.org", "project-url"),
        ("project_urls", "Home, example.org", "project-url"), ("project_urls", "123456789012345678901234567890123, https://x", "project-url"),
        ("requires_dist", "foo @ https://example.org/foo.zip", "requires-dist"), ("provides_dist", "foo >", "provides-dist"),
        ("obsoletes_dist", "foo @ https://example.org/foo.zip", "obsoletes-dist"), ("import_name", "demo", "import-name"),
        ("dynamic", "Name", "dynamic"), ("license_file", "../LICENSE", "license-file"), ("requires_python", "3", "requires-python"),
    ])
    func `a faulty value is an error of its field`(name: String, value: String, field: String) throws {
        let found = errors([(name, value)])
        #expect(found.map(\.field) == [field])
        let message = try #require(found.first).message
        #expect(message.hasSuffix("."))
    }

    @Test(arguments: [
        ("author_email", "Foo <>"), ("author_email", "A <a@example.org>, nobody"), ("home_page", "https:x"), ("home_page", "http://x/a b\u{E9}"),
        ("description_content_type", "text/markdown; charset=UTF-8; variant=CommonMark"), ("provides", "anything goes"),
        ("summary", String(repeating: "é", count: 512)), ("dynamic", "Home-Page"), ("project_urls", "12345678901234567890123456789012, https://x"),
    ])
    func `a lenient rule lets odd values pass`(name: String, value: String) {
        #expect(errors([(name, value)]) == [])
    }

    @Test func `a summary has at most 512 characters`() {
        #expect(errors([("summary", String(repeating: "a", count: 513))]).map(\.field) == ["summary"])
    }

    @Test func `a licence is given once`() {
        #expect(errors([("license", "MIT"), ("license_expression", "MIT")]).map(\.field) == ["license"])
    }

    @Test func `the message for a local version explains, and a site may allow them`() throws {
        let error = try #require(errors([("version", "1.0+x")]).first)
        #expect(error.message.contains("1.0+x") && error.message.contains("local-version"))
        #expect(errors([("version", "1.0+x")], .team) == [])
    }

    @Test func `a deprecated classifier's message names its replacement`() {
        #expect(errors([("classifiers", "Natural Language :: Ukranian")]).first?.message.contains("Natural Language :: Ukrainian") == true)
    }

    @Test func `index rules wait for the specification's rules`() {
        let found = errors([("version", "1.0+x"), ("requires_python", "3")])
        #expect(found.map(\.field) == ["requires-python"])
    }

    @Test func `one error is shown, of the most important field`() throws {
        let metadata = try CoreMetadata(form: [("metadata_version", "2.4"), ("version", "x"), ("requires_python", "3"), ("license_file", "*")])
        let error = try #require(throws: InvalidMetadata.self) { try metadata.validated() }
        #expect(error.errors.count == 4)
        #expect(error.mostImportant.field == "name")
        let fields = ["summary", "classifier", "version", "name", "metadata-version"]
        let all = fields.map { MetadataError(field: $0, value: nil, message: "M.") }
        #expect(InvalidMetadata(errors: all).mostImportant.field == "metadata-version")
        #expect(InvalidMetadata(errors: Array(all[..<4])).mostImportant.field == "name")
        #expect(InvalidMetadata(errors: Array(all[..<3])).mostImportant.field == "version")
        #expect(InvalidMetadata(errors: Array(all[..<2])).mostImportant.field == "classifier")
    }

    @Test(arguments: [
        ("supported_platform", "1.0", "1.1"), ("classifiers", "1.0", "1.1"), ("requires_dist", "1.1", "1.2"), ("maintainer", "1.1", "1.2"),
        ("description_content_type", "1.2", "2.1"), ("dynamic", "2.1", "2.2"), ("license_file", "2.3", "2.4"), ("import_name", "2.4", "2.5"),
    ])
    func `a field needs the metadata version that brought it`(name: String, old: String, new: String) {
        let values = ["classifiers": "Topic :: Utilities", "description_content_type": "text/plain", "dynamic": "Author"]
        let value = values[name] ?? "demo"
        #expect(errors([("metadata_version", old), (name, value)]).count == 1)
        #expect(errors([("metadata_version", new), (name, value)]) == [])
    }

    @Test func `long values are echoed in part`() {
        #expect(MetadataError.echo(String(repeating: "a", count: 60)).utf8.count == 60)
        let long = String(repeating: "a", count: 30) + "xyz" + String(repeating: "b", count: 30)
        #expect(MetadataError.echo(long) == String(repeating: "a", count: 30) + "..." + String(repeating: "b", count: 30))
    }

    @Test func `a metadata file is headers and a description`() {
        let file = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nClassifier: A\nclassifier: B\nX-Odd: 1\nSummary: \u{FC}\n\nText\n"
        let parsed = CoreMetadata.parse(file: file.utf8)
        #expect(parsed.metadata.name == "demo")
        #expect(parsed.metadata.classifiers == ["A", "B"])
        #expect(parsed.metadata.summary == "\u{FC}")
        #expect(parsed.metadata.description == "Text\n")
        #expect(parsed.unparsed == ["x-odd": ["1"]])
    }

    @Test func `what is not UTF-8 in a metadata file is set aside`() {
        let parsed = CoreMetadata.parse(file: Array("Name: demo\nAuthor: ".utf8) + [0xE9] + Array("\n\nbody".utf8) + [0xFF])
        #expect(parsed.metadata.author == nil)
        #expect(parsed.unparsed == ["author": ["\u{E9}"], "description": ["body\u{FF}"]])
    }
}
