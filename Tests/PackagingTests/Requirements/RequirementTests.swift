import Packaging
import Testing

@Suite struct RequirementTests {
    @Test(arguments: [
        ("requests", "requests"),
        ("Foo.Bar [ b , A,b ] ( >= 1.0 , <2 ) ; os.name=='nt'", #"Foo.Bar[A,b]<2,>=1.0; os_name == "nt""#),
        ("a @ https://example.org/a.whl ; extra == 'Dev_Tools'", #"a @ https://example.org/a.whl ; extra == "dev-tools""#),
        ("a@file:///x;y", "a @ file:///x;y"),
        ("a[]", "a"),
        ("a>=1,", "a>=1"),
        ("a===1,>2 ", "a===1,>2"),
    ])
    func `a requirement is written in one spelling`(text: String, written: String) throws {
        #expect(try Requirement(text).description == written)
    }

    @Test(arguments: [
        "", "-a", "a b", "a[", "a[b", "a[b c]", "a[,b]", "a (>=1", "a>=1 <2", "a @", "a @ u;x ; ", "a;", "a; python_version", "a>=1.*", "aé", "a,>=1",
        "a\n",
    ])
    func `malformed requirements are refused`(text: String) {
        #expect(throws: InvalidRequirement.self) { try Requirement(text) }
    }

    @Test func `a refusal says what was expected and where`() {
        let error = #expect(throws: InvalidRequirement.self) { try Requirement("foo >= 1.0 bar") }
        #expect(error?.message == #"Invalid requirement "foo >= 1.0 bar": expected a version specifier, ';' or the end at byte 12."#)
    }

    @Test func `equality ignores spelling`() throws {
        #expect(try Requirement("Foo[X_y]>=1,<2") == Requirement("foo[x-Y] < 2.0, >= 1.0"))
        #expect(try Requirement("foo>=1") != Requirement("foo>1"))
    }

    @Test func `deep nesting is refused, not fatal`() {
        let depth = 100_000
        let text = "a; " + String(repeating: "(", count: depth) + "os_name == 'a'" + String(repeating: ")", count: depth)
        #expect(throws: InvalidRequirement.self) { try Requirement(text) }
    }
}
