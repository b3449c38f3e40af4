import Testing

@testable import Packaging

@Suite struct VersionSpecifierTests {
    @Test(arguments: [
        (">=3.8, <4", "<4,>=3.8"), (" ", ""), ("==1.0,== 1.0.0", "==1.0"), ("~=1.0,~=1.0.0", "~=1.0,~=1.0.0"), ("!=3.1.*,>=2,,", "!=3.1.*,>=2"),
        ("=== a", "===a"),
    ])
    func `a set is written sorted and without duplicates`(text: String, written: String) throws {
        #expect(try VersionSpecifierSet(text).description == written)
    }

    @Test(arguments: ["3.8", ">=", "=3.8", ">=3.*", "~=1", "==1.0a1.*", "<=1.0+x", ">=1.0;", "==1.0 1.1", "<>1"])
    func `a set with a malformed clause is refused`(text: String) {
        #expect(throws: InvalidVersionSpecifier(input: text)) { try VersionSpecifierSet(text) }
    }

    @Test func `a refusal names the clause`() {
        #expect(throws: InvalidVersionSpecifier(input: "oops")) { try VersionSpecifierSet(">=1, oops ,<2") }
    }

    @Test(arguments: [
        ("==1.0", "1.0+local", true), ("==1.0+local", "1.0", false), ("!=1.0", "1.0+local", false), ("<=1.0", "1.0+local", true),
        (">1.0", "1.0+local", false),
        (">1.0", "1.0.post1", false), (">1.0.post1", "1.0.post2", true), ("<1.0", "1.0a1", false), ("<1.0rc1", "1.0a1", true),
        ("==1.2.*", "1.2rc1", true),
        ("==1.0.*", "1", true), ("~=1.4.5", "1.4.9", true), ("~=1.4.5", "1.5", false), ("~=1.4", "1.9", true), ("!=3.1.*", "3.1.4", false),
        ("===1.0", "1.0.0", false),
    ])
    func `operators mean what PEP 440 says`(clause: String, version: String, accepted: Bool) throws {
        #expect(try VersionSpecifier(clause).contains(Version(version)) == accepted)
        #expect(try VersionSpecifierSet(clause).contains(version) == accepted)
    }

    @Test func `pre-releases can be refused`() throws {
        let set = try VersionSpecifierSet(">=1.0")
        #expect(set.contains("2.0a1"))
        #expect(set.contains("2.0a1", prereleases: true))
        #expect(!set.contains("2.0a1", prereleases: false))
        #expect(!VersionSpecifierSet.any.contains("2.dev1", prereleases: false))
    }

    @Test func `text that is no version satisfies only arbitrary equality`() throws {
        #expect(try VersionSpecifierSet("===Foo").contains("foo"))
        #expect(try !VersionSpecifierSet("===foo,>=1").contains("foo"))
        #expect(try !VersionSpecifierSet("!=1.0").contains("foo"))
        #expect(VersionSpecifierSet.any.contains("foo"))
    }
}
