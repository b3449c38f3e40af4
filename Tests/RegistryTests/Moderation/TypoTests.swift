import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// Names that look like typing mistakes (index §2.6, platform §7.10).
@Suite struct `Names like popular ones` {
    private static let rules = TypoRules(
        popularNames: Identifiers([.popularNames: "requests\nnumpy\npython-dateutil\nscikit-learn\nsix\nflask\ntorch"]).popularNames
    )

    @Test(arguments: [
        ("reequests", "repeated_characters", "requests"), ("requestss", "repeated_characters", "requests"),
        ("requsts", "omitted_characters", "requests"),
        ("scikitlearn", "omitted_characters", "scikit-learn"), ("reqeusts", "swapped_characters", "requests"),
        ("numyp", "swapped_characters", "numpy"),
        ("dateutil-python", "swapped_words", "python-dateutil"), ("requesrs", "common_typos", "requests"), ("f1ask", "common_typos", "flask"),
        ("t0rch", "common_typos", "torch"), ("nurnpy", "", ""), ("nunnpy", "", ""), ("sjx", "common_typos", "six"),
    ])
    func `a mistake is found with its kind and the name that was meant`(name: String, mistake: String, popular: String) {
        let match = Self.rules.match(NormalizedName(normalizing: name))
        #expect(match?.mistake.rawValue ?? "" == mistake)
        #expect(match?.popularName ?? "" == popular)
    }

    @Test(arguments: ["requests", "Six", "sx", "requests-oauth", "pandas", "a", "learn-scikit-extra", "qix"])
    func `a popular name itself, and one that is merely short or other, is no mistake`(name: String) {
        #expect(Self.rules.match(NormalizedName(normalizing: name)) == nil)
    }

    @Test func `a project with such a name is published, and the index notes the likeness once`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            #expect(try await test.publish(.wheel("reqeusts", "1.0"), token: token) == .published())
            #expect(try await test.publish(.wheel("something-else", "1.0"), token: token) == .published())
            try await test.runJobs()
            let project = try #require(try await test.db.read { try $0.projects.find(NormalizedName(normalizing: "reqeusts")) })
            try await CheckForTypo(projectID: project.id).run(in: test.index)
            let rows = try await test.db.query("SELECT kind, subject_name, observer_id, payload FROM observations")
            #expect(rows.count == 1)
            #expect(try rows[0]["kind", as: String.self] == "is_typosnyper_match")
            #expect(try rows[0]["subject_name", as: String.self] == "reqeusts")
            #expect(try rows[0]["observer_id", as: Int64?.self] == nil)
            #expect(try rows[0]["payload", as: String.self] == #"{"check":"swapped_characters","existing_name":"requests"}"#)
        }
    }

    @Test func `a project that is gone when its turn comes is no error`() async throws {
        try await TestIndex.run { test in try await CheckForTypo(projectID: 4711).run(in: test.index) }
    }
}
