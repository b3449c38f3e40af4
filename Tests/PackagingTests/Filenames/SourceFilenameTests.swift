import Packaging
import Testing

@Suite struct SourceFilenameTests {
    @Test func `the last dash separates name and version`() throws {
        let source = try SourceFilename("zope-Interface-5.0.tar.gz")
        #expect(source.rawName == "zope-Interface")
        #expect(source.name.value == "zope-interface")
        #expect(source.rawVersion == "5.0")
        #expect(source.format == .tarGzip)
        #expect(try SourceFilename("a-1.zip").format == .zip)
    }

    @Test(arguments: ["a-1.tar", "a.tar.gz", "-1.tar.gz", "a-.tar.gz", "a-x.tar.gz", "a-1.tar.gz\n", "a-1.TAR.GZ"])
    func `malformed names are refused`(filename: String) {
        #expect(throws: InvalidSourceFilename.self) { try SourceFilename(filename) }
    }

    @Test func `an implicit post release is found when the project is known`() throws {
        let plain = try SourceFilename("foo-1.0-9.tar.gz")
        #expect(plain.name.value == "foo-1-0")
        let known = try SourceFilename("foo-1.0-9.tar.gz", of: NormalizedName(normalizing: "Foo"))
        #expect(known.name.value == "foo")
        #expect(known.version.description == "1.0.post9")
        #expect(try SourceFilename("bar-1.0-9.tar.gz", of: NormalizedName(normalizing: "foo")) == SourceFilename("bar-1.0-9.tar.gz"))
    }
}
