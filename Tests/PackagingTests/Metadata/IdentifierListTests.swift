// The lists of classifiers, module names and licences.

import Packaging
import Testing

@Suite struct IdentifierListTests {
    @Test func `classifiers are known exactly as spelled`() {
        #expect(Identifiers.bundled.classifiers.isKnown("Programming Language :: Python :: 3"))
        #expect(!Identifiers.bundled.classifiers.isKnown("programming language :: python :: 3"))
        #expect(!Identifiers.bundled.classifiers.isKnown("Framework :: \u{212A}edro"))
        #expect(Identifiers.bundled.classifiers.all.count > 800)
        #expect(Set(Identifiers.bundled.classifiers.all).count == Identifiers.bundled.classifiers.all.count)
    }

    @Test func `a retired classifier is unknown and names its replacements`() {
        #expect(!Identifiers.bundled.classifiers.isKnown("Natural Language :: Ukranian"))
        #expect(Identifiers.bundled.classifiers.replacements(forDeprecated: "Natural Language :: Ukranian") == ["Natural Language :: Ukrainian"])
        #expect(Identifiers.bundled.classifiers.replacements(forDeprecated: "License :: OSI Approved :: X.Net License") == [])
        #expect(Identifiers.bundled.classifiers.replacements(forDeprecated: "Programming Language :: Python :: 3") == nil)
    }

    @Test(arguments: ["xml-etree", "XML_ETree", "cgihttpserver", "test", "main", "future", "tomllib", "distutils", "asyncio.base.events"])
    func `names of standard library modules are taken`(name: String) {
        #expect(Identifiers.bundled.standardLibrary.contains(name))
    }

    @Test func `other names are not`() {
        #expect(!Identifiers.bundled.standardLibrary.contains("requests"))
        #expect(!Identifiers.bundled.standardLibrary.contains("xml-etre"))
        #expect(!Identifiers.bundled.standardLibrary.contains(""))
    }

    @Test func `each list says where it came from`() {
        #expect(IdentifierLists.sources.map(\.name).contains("trove-classifiers"))
        #expect(IdentifierLists.sources.allSatisfy { !$0.version.isEmpty })
    }
}
