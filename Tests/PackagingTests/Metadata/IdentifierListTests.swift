// The lists of classifiers, module names and licences.

import Packaging
import Testing

@Suite struct IdentifierListTests {
    @Test func `classifiers are known exactly as spelled`() {
        #expect(Classifiers.isKnown("Programming Language :: Python :: 3"))
        #expect(!Classifiers.isKnown("programming language :: python :: 3"))
        #expect(!Classifiers.isKnown("Framework :: \u{212A}edro"))
        #expect(Classifiers.all.count > 800)
        #expect(Set(Classifiers.all).count == Classifiers.all.count)
    }

    @Test func `a retired classifier is unknown and names its replacements`() {
        #expect(!Classifiers.isKnown("Natural Language :: Ukranian"))
        #expect(Classifiers.replacements(forDeprecated: "Natural Language :: Ukranian") == ["Natural Language :: Ukrainian"])
        #expect(Classifiers.replacements(forDeprecated: "License :: OSI Approved :: X.Net License") == [])
        #expect(Classifiers.replacements(forDeprecated: "Programming Language :: Python :: 3") == nil)
    }

    @Test(arguments: ["xml-etree", "XML_ETree", "cgihttpserver", "test", "main", "future", "tomllib", "distutils", "asyncio.base.events"])
    func `names of standard library modules are taken`(name: String) {
        #expect(StandardLibrary.contains(name))
    }

    @Test func `other names are not`() {
        #expect(!StandardLibrary.contains("requests"))
        #expect(!StandardLibrary.contains("xml-etre"))
        #expect(!StandardLibrary.contains(""))
    }

    @Test func `each list says where it came from`() {
        #expect(IdentifierLists.sources.map(\.name).contains("trove-classifiers"))
        #expect(IdentifierLists.sources.allSatisfy { !$0.version.isEmpty })
    }
}
