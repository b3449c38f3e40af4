import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

@Suite struct `Refreshing the lists of identifiers` {
    private static let new = "Framework :: Emporium"
    private static let classifiers = FetchedList(
        .classifiers,
        source: "trove-classifiers 9999",
        identifiers: Identifiers.bundled.classifiers.all + [new]
    )

    @Test func `an upload goes by the new list at once, in every process of the site`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let upload = UploadBuilder.wheel("demo", "1.0").with("classifiers", Self.new)
            #expect(await refusal { try await test.publish(upload, token: token) }.field == "classifier")
            // Another process on the same database.
            let other = test.index()
            let refreshed = try await other.refreshIdentifiers([Self.classifiers])
            #expect(refreshed.map(\.after) == [refreshed[0].before + 1])
            #expect(try await test.publish(upload, token: token) == .published())
        }
    }

    @Test func `a list that is the same changes nothing`() async throws {
        try await TestIndex.run { test in
            let same = FetchedList(.classifiers, source: "trove-classifiers 1", identifiers: Identifiers.bundled.classifiers.all)
            _ = try await test.index.refreshIdentifiers([same])
            let stored = try await test.db.query("SELECT name FROM refreshed_lists")
            #expect(stored.isEmpty)
        }
    }

    @Test(arguments: [
        FetchedList(.classifiers, source: "broken 1", identifiers: ["Topic :: Utilities"]),
        FetchedList(.licenses, source: "broken 1", identifiers: Identifiers.bundled.licenses.all + ["two\nlines"]),
        FetchedList(.licenses, source: "broken 1", identifiers: Identifiers.bundled.licenses.all + [""]),
    ])
    func `of lists that can not be right none is taken`(broken: FetchedList) async throws {
        try await TestIndex.run { test in
            let rejection = await refusal { _ = try await test.index.refreshIdentifiers([Self.classifiers, broken]) }
            #expect(rejection.message.contains(broken.list.rawValue))
            let stored = try await test.db.query("SELECT name FROM refreshed_lists")
            #expect(stored.isEmpty)
        }
    }

    @Test func `new names of the standard library can not be taken, old ones stay taken`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let names = IdentifierList.standardLibrary.bundled.split(separator: "\n").map(String.init) + ["brandnewmodule"]
            _ = try await test.index.refreshIdentifiers([FetchedList(.standardLibrary, source: "stdlib-list 1", identifiers: names)])
            for name in ["brandnewmodule", "xml-etree"] {
                let rejection = await refusal { try await test.publish(.wheel(name, "1.0"), token: token) }
                #expect(rejection.message.contains("standard library"))
            }
        }
    }
}
