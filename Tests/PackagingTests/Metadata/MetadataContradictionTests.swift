import Packaging
import Testing

@Suite struct MetadataContradictionTests {
    private func find(_ form: [(String, String)], _ file: String, of artifact: MetadataContradiction.Artifact = .wheel) throws
        -> MetadataContradiction?
    {
        let base = [("metadata_version", "2.1"), ("name", "demo"), ("version", "1.0")].filter { given in !form.contains { $0.0 == given.0 } }
        let lines = file.split(separator: "\n").map(String.init)
        let given = lines.map { $0.prefix { $0 != ":" } }
        let headers = ["Metadata-Version: 2.1", "Name: demo", "Version: 1.0"].filter { line in !given.contains(line.prefix { $0 != ":" }) }
        let bytes = (headers + lines).joined(separator: "\n") + "\n\nText"
        return try CoreMetadata(form: base + form).normalized().contradiction(in: CoreMetadata.parse(file: bytes.utf8), of: artifact)
    }

    @Test func `the same said in other words is no contradiction`() throws {
        let form = [
            ("name", "My.Demo"), ("version", "1.0"), ("requires_dist", "Foo-Bar >= 1.0, <2 ; python_version < '3.9'"), ("requires_dist", "baz[B,a]"),
            ("requires_python", ">=3.8, <4"), ("provides_extra", "My_Extra"),
        ]
        let file = """
            Name: my-demo
            Version: 1.0.0
            Requires-Dist: baz [a, b]
            Requires-Dist: foo_bar<2,>=1.0; python_version<"3.9"
            Requires-Python: <4,>=3.8
            Provides-Extra: my-extra
            """
        #expect(try find(form, file) == nil)
    }

    @Test(arguments: [
        ("name", "demo", "Name: other", MetadataField.name), ("version", "1.0", "Version: 1.0.1", .version),
        ("version", "1.0", "Version: one", .version),
        ("requires_dist", "foo", "Requires-Dist: foo\nRequires-Dist: evil", .requiresDist), ("requires_dist", "foo", "", .requiresDist),
        ("requires_dist", "foo>1", "Requires-Dist: foo", .requiresDist),
        ("requires_dist", "foo", "Requires-Dist: foo @ https://example.org/x", .requiresDist),
        ("requires_dist", "foo", "Requires-Dist: foo\nRequires-Dist: not a (requirement", .requiresDist),
        ("requires_python", ">=3.8", "Requires-Python: >=3.9", .requiresPython), ("requires_python", ">=3.8", "", .requiresPython),
        ("requires_python", ">=3.8", "Requires-Python: >=3.8\nRequires-Python: >=3.8", .requiresPython),
        ("provides_extra", "a", "Provides-Extra: b", .providesExtra),
        ("provides_extras", "a", "Provides-Extra: b", .providesExtra), ("provides_extra", "a", "", .providesExtra),
        ("summary", "x", "Requires-Dist: UNKNOWN", .requiresDist),
    ])
    func `what decides an install must be the same in both`(field: String, value: String, file: String, named: MetadataField) throws {
        let found = try #require(try find([(field, value)], file))
        #expect(found.field == named)
    }

    @Test func `the message names the field and both values, and of lists only what differs`() throws {
        let found = try #require(try find([("requires_dist", "same"), ("requires_dist", "good>=1")], "Requires-Dist: evil\nRequires-Dist: same"))
        #expect(found.description == "Requires-Dist is 'evil' in METADATA and 'good>=1' in the form")
        let missing = try #require(try find([], "Requires-Python: >=3.8", of: .sourceDistribution))
        #expect(missing.description == "Requires-Python is '>=3.8' in PKG-INFO and nothing in the form")
    }

    @Test func `a source distribution may leave dynamic fields to its build, a wheel is built already`() throws {
        let file = "Metadata-Version: 2.2\nDynamic: Requires-Dist\nDynamic: requires-python\nRequires-Dist: other"
        let form = [("metadata_version", "2.2"), ("requires_dist", "foo"), ("requires_python", ">=3.8")]
        #expect(try find(form, file, of: .sourceDistribution) == nil)
        #expect(try find(form, file, of: .wheel)?.field == .requiresDist)
        #expect(try find(form + [("provides_extra", "x")], file, of: .sourceDistribution)?.field == .providesExtra)
    }

    @Test func `what a PKG-INFO from before metadata 2.2 does not mention, it does not deny`() throws {
        let form = [("requires_dist", "foo"), ("requires_python", ">=3.8"), ("provides_extra", "x")]
        #expect(try find(form, "Metadata-Version: 1.2", of: .sourceDistribution) == nil)
        #expect(try find(form, "Metadata-Version: 2.1", of: .sourceDistribution) == nil)
        #expect(try find(form, "Metadata-Version: 2.2", of: .sourceDistribution)?.field == .requiresDist)
        #expect(try find(form, "Metadata-Version: 2.1\nRequires-Dist: bar", of: .sourceDistribution)?.field == .requiresDist)
        #expect(try find([("name", "demo")], "Metadata-Version: 1.0\nName: else", of: .sourceDistribution)?.field == .name)
    }

    @Test func `a form without extras says nothing of them`() throws {
        let file = "Requires-Dist: foo; extra == 'x'\nProvides-Extra: x"
        let form = [("requires_dist", "foo ; extra == \"x\"")]
        #expect(try find(form, file) == nil)
        #expect(try find(form + [("provides_extra", "")], file) == nil)
        #expect(try find(form + [("provides_extra", "x")], file) == nil)
        #expect(try find(form + [("provides_extras", "x")], file) == nil)
        #expect(try find(form + [("provides_extra", "x"), ("provides_extra", "y")], file)?.field == .providesExtra)
        #expect(try find([], file)?.field == .requiresDist)
    }

    @Test(arguments: [
        "Requires-Dist:", "Requires-Dist:  ", "Requires-Python:", "Requires-Python: UNKNOWN", "Provides-Extra:", "Provides-Extra: UNKNOWN",
    ])
    func `an empty value says nothing, nor does UNKNOWN`(line: String) throws {
        for artifact in [MetadataContradiction.Artifact.wheel, .sourceDistribution] { #expect(try find([], line, of: artifact) == nil) }
        #expect(try find([("provides_extra", "x")], line + "\nProvides-Extra: x") == nil)
    }

    @Test func `a PKG-INFO of old with an empty value is as silent as one without`() throws {
        let form = [("requires_dist", "foo"), ("requires_python", ">=3.8")]
        #expect(try find(form, "Metadata-Version: 2.1\nRequires-Dist:\nRequires-Python: UNKNOWN", of: .sourceDistribution) == nil)
        #expect(try find(form, "Metadata-Version: 2.2\nRequires-Dist:", of: .sourceDistribution)?.field == .requiresDist)
    }
}
