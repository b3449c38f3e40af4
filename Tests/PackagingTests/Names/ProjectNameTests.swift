import Testing

@testable import Packaging

@Suite struct ProjectNameTests {
    @Test(arguments: ["a", "7", "Django", "zope.interface", "a-_.b", "0x10c-asm"])
    func `letters and digits at both ends make a name`(name: String) throws {
        #expect(try ProjectName(name).raw == name)
    }

    @Test(arguments: ["", "-", "a-", "_a", ".a", "a b", "a\n", "\na", "é", "naïve", "٣", "a/b", "a\0b", "\u{17F}", "\u{212A}"])
    func `everything else is refused`(name: String) {
        #expect(throws: InvalidProjectName(input: name)) { try ProjectName(name) }
    }

    @Test func `a refusal shows the name safely`() {
        #expect(InvalidProjectName(input: "a\u{1B}b").message.hasPrefix(#"Invalid project name: "a\u{1B}b"."#))
        #expect(InvalidProjectName(input: String(repeating: "é", count: 5000)).message.utf8.count < 500)
    }

    @Test(arguments: [("Zope.Interface", "zope-interface"), ("a-_.b__c", "a-b-c"), ("DJANGO", "django")])
    func `runs of separators become one dash in lower case`(name: String, normalized: String) throws {
        #expect(try ProjectName(name).normalized.value == normalized)
    }

    @Test func `spellings of one name are equal`() throws {
        #expect(try ProjectName("Foo.Bar") == ProjectName("foo--bar"))
        #expect(try Set([ProjectName("Foo.Bar"), ProjectName("foo_bar")]).count == 1)
    }

    @Test(arguments: [("Pillow", "p1110w"), ("LI-lo.oI", "111001"), ("a1l0o", "a1100")])
    func `look-alike letters are folded`(name: String, folded: String) throws {
        #expect(try ProjectName(name).ultranormalized == folded)
    }

    @Test func `file names use underscores`() {
        #expect(NormalizedName(normalizing: "Zope.Interface-x").underscored == "zope_interface_x")
    }

    @Test(arguments: ["Foo", "a--b", "-a", "a-", "a_b", "", "é"])
    func `only normal forms are taken as normal forms`(text: String) {
        #expect(NormalizedName(alreadyNormalized: text) == nil)
        #expect(NormalizedName(alreadyNormalized: "a-b2")?.value == "a-b2")
    }

    @Test func `normalized names sort by code point`() {
        let names = ["b", "a-b", "a1", "a", "ab"].map(NormalizedName.init(normalizing:))
        #expect(names.sorted().map(\.value) == ["a", "a-b", "a1", "ab", "b"])
    }

    @Test func `extras compare in normal form`() throws {
        #expect(try ExtraName("Dev_Tools") == ExtraName("dev-tools"))
        #expect(throws: InvalidExtraName.self) { try ExtraName("dev tools") }
    }
}
