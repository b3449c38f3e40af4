import Registry
import SQLDatabase
import TestSupport
import Testing

/// Steps 8 to 10 of index §2.3, with the tables of §2.4 and §2.5.
@Suite struct `The form of an upload` {
    private static let wheel = UploadBuilder.wheel("demo", "1.0")
    private static let sdist = UploadBuilder.sdist("demo", "1.0")

    private func refuse(_ upload: UploadBuilder, settings: IndexSettings = IndexSettings()) async throws -> Rejection {
        var rejection: Rejection?
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let token = try await test.token()
            rejection = await refusal { try await test.publish(upload, token: token) }
            // A refused upload leaves nothing: the run itself checks stored bytes and pending paths.
            let counts = try await test.db.query(
                "SELECT (SELECT COUNT(*) FROM projects) + (SELECT COUNT(*) FROM releases) + (SELECT COUNT(*) FROM journal) AS n"
            )
            #expect(try counts[0]["n", as: Int.self] == 0)
        }
        return try #require(rejection)
    }

    @Test(arguments: [
        ("name", String?.none), ("name", "-demo"), ("name", "dé"), ("filetype", nil), ("filetype", "bdist_egg"), ("filetype", "bdist_wininst"),
        ("pyversion", nil),
        ("sha256_digest", "abc"), ("blake2_256_digest", "zz"),
    ])
    func `step 8: a field that breaks its rule is named`(field: String, value: String?) async throws {
        let rejection = try await refuse(Self.wheel.with(field, value))
        #expect(rejection.reason == .invalid)
        #expect(rejection.field == field)
    }

    @Test func `step 8: an sdist's pyversion is source`() async throws {
        #expect(try await refuse(Self.sdist.with("pyversion", "cp311")).field == "pyversion")
    }

    @Test func `step 8: an sdist without pyversion gets source`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.publish(Self.sdist.with("pyversion", nil), token: try await test.token())
            #expect(try await test.db.query("SELECT python_version FROM files")[0]["python_version", as: String.self] == "source")
        }
    }

    @Test(arguments: ["filetype", "sha256_digest", "pyversion"])
    func `step 8: a field of the form that is there twice is refused`(field: String) async throws {
        #expect(try await refuse(Self.wheel.adding(field, "other")).field == field)
    }

    @Test func `step 8: one digest is needed`() async throws {
        #expect(try await refuse(Self.wheel.with("sha256_digest", nil)).message.contains("digest"))
    }

    @Test func `step 8: a long value is shown shortened`() async throws {
        let message = try await refuse(Self.wheel.with("name", "-" + String(repeating: "x", count: 200))).message
        #expect(message.count < 400)
        #expect(message.contains("..."))
    }

    @Test(arguments: [
        ("metadata_version", "2.0"), ("metadata_version", "3.0"), ("version", "not a version"), ("version", ""), ("summary", "two\nlines"),
        ("requires_python", ">>3"), ("description_content_type", "text/markdown; charset=utf-8"), ("classifiers", "Nonsense :: Classifier"),
        ("home_page", "ftp://example.org"), ("author_email", "not an address"), ("requires_dist", "a @ https://example.org/a.whl"),
        ("project_urls", "no comma"),
    ])
    func `step 9: metadata that breaks a rule is refused with its field and the specification`(field: String, value: String) async throws {
        let rejection = try await refuse(Self.wheel.with(field, value))
        #expect(rejection.reason == .invalid)
        #expect(rejection.message.contains("core-metadata"))
    }

    @Test func `step 9: of several faults, that of the version comes before that of the summary`() async throws {
        #expect(try await refuse(Self.wheel.with("summary", "two\nlines").with("version", "?")).field == "version")
    }

    @Test func `step 9: a repeated single-value field is refused`() async throws {
        #expect(try await refuse(Self.wheel.adding("version", "2.0")).field == "version")
    }

    @Test func `step 9: a local version is refused with the setting that would allow it, and accepted under it`() async throws {
        let upload = UploadBuilder.wheel("demo", "1.0+local.1")
        #expect(try await refuse(upload).message.contains("EMPORIUM_LOCAL_VERSIONS"))
        try await TestIndex.run(settings: IndexSettings(rules: .team)) { test in
            try await test.user()
            #expect(try await test.publish(upload, token: try await test.token()) == .published())
        }
    }

    @Test func `step 10: a form without a file is refused`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            var received = try Self.wheel.received(as: .token(try await test.token()), in: test.folder)
            received.content = nil
            let rejection = await refusal { _ = try await test.index.publish(received) }
            #expect(rejection.field == "content")
        }
    }

    @Test func `a release keeps what the first form said, in its stored shape`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            var upload = UploadBuilder.wheel(
                "demo",
                "1.0",
                saying: [
                    ("requires_python", ">=3.8, <4"), ("requires_dist", "Foo (>1)"), ("requires_dist", "bar; extra == 'X_y'"),
                    ("provides_extra", "X_y"),
                ]
            ).with("metadata_version", "2.2").with("keywords", "a,b, ,c").with("summary", "Demo")
            for (field, value) in [
                ("classifiers", "Topic :: Utilities"), ("project_urls", "Docs, https://example.org/docs"), ("platform", "one"), ("platform", "two"),
                ("dynamic", "requires-dist"),
            ] { upload = upload.adding(field, value) }
            try await test.publish(upload, token: try await test.token())
            let release = try await test.db.query("SELECT * FROM releases")[0]
            #expect(try release["requires_python", as: String.self] == "<4,>=3.8")
            #expect(try release["keywords", as: String.self] == #"["a","b","c"]"#)
            #expect(try release["provides_extra", as: String.self] == #"["x-y"]"#)
            #expect(try release["platform", as: String.self] == "one")
            #expect(try release["dynamic", as: String.self] == #"["Requires-Dist"]"#)
            let dependencies = try await test.db.query("SELECT specifier FROM release_dependencies ORDER BY position")
            #expect(try dependencies.map { try $0["specifier", as: String.self] } == ["Foo>1", #"bar; extra == "x-y""#])
            #expect(try await test.db.query("SELECT label, url FROM release_urls")[0]["url", as: String.self] == "https://example.org/docs")
            #expect(try await test.db.query("SELECT classifier FROM release_classifiers").count == 1)
        }
    }

    @Test(arguments: [
        ("version", "1" + String(repeating: ".0", count: 64)), ("pyversion", String(repeating: "p", count: 241)),
        ("comment", String(repeating: "c", count: 2_001)),
    ])
    func `what is kept beside the file has its length`(field: String, value: String) async throws {
        let rejection = try await refuse(Self.wheel.with(field, value))
        #expect(rejection.reason == .invalid && rejection.field == field)
        #expect(rejection.message.count < 400)
    }

    @Test func `step 16: a description has its length, whether or not it could be rendered`() async throws {
        let long = String(repeating: "<", count: (2 << 20) + 1)
        let rejection = try await refuse(Self.wheel.with("description", long).with("description_content_type", "text/plain"))
        #expect(rejection.field == "description" && rejection.message.contains("2097152"))
    }
}
