import Registry
import SQLDatabase
import TestSupport
import Testing

/// Which links and addresses of a release are marked as verified (index §2.8).
@Suite struct `The links of an upload` {
    private static let settings = {
        var settings = IndexSettings()
        settings.publicURL = "https://index.example"
        return settings
    }()

    private func verdicts(_ urls: [String], settings: IndexSettings = Self.settings) async throws -> [Bool] {
        var verdicts: [Bool] = []
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            var upload = UploadBuilder.wheel("My.Demo", "1.0").with("metadata_version", "2.1")
            for (number, url) in urls.enumerated() { upload = upload.adding("project_urls", "Link \(number), \(url)") }
            try await test.publish(upload, token: try await test.token())
            verdicts = try await test.db.query("SELECT is_verified FROM release_urls ORDER BY position").map { try $0["is_verified"] }
        }
        return verdicts
    }

    @Test func `a link to the project's own page is verified, in every spelling of that page's address`() async throws {
        let urls = [
            "https://index.example/project/my-demo/", "https://index.example/project/My.Demo", "https://INDEX.Example:443/p/my-demo/",
            "HTTPS://index.example/pypi/my-demo",
        ]
        #expect(try await verdicts(urls) == urls.map { _ in true })
    }

    @Test func `a link that leads anywhere else is not`() async throws {
        let urls = [
            "https://index.example/project/other/", "https://index.example/project/my-demo/1.0/", "https://index.example/Project/my-demo/",
            "http://index.example/project/my-demo/", "https://evil.example/project/my-demo/", "https://index.example.evil.example/project/my-demo/",
            "https://index.example@evil.example/project/my-demo/", "https://index.example/project/my-demo/?x",
            "https://index.example/project/my-demo/#x",
            "https://index.example/project/./my-demo/", "https://index.example/project/%6dy-demo/", "https://index.example/project/x/%2e%2e/my-demo/",
            "https://index.example\\project/my-demo/", "https://index.example/project/my-demo//", "https://index.example:444/project/my-demo/",
        ]
        #expect(try await verdicts(urls) == urls.map { _ in false })
    }

    @Test func `an index without a public URL knows itself by where it listens`() async throws {
        var settings = IndexSettings()
        settings.listeningURL = "http://127.0.0.1:8080"
        #expect(
            try await verdicts(["http://127.0.0.1:8080/project/my-demo/", "http://127.0.0.1/project/my-demo/"], settings: settings) == [true, false]
        )
    }

    @Test func `home page and download URL are judged like the others`() async throws {
        try await TestIndex.run(settings: Self.settings) { test in
            try await test.user()
            let upload = UploadBuilder.wheel("demo", "1.0").with("home_page", "https://index.example/p/demo").with(
                "download_url",
                "https://elsewhere.example/demo"
            )
            try await test.publish(upload, token: try await test.token())
            let release = try await test.db.query("SELECT home_page_verified, download_url_verified FROM releases")[0]
            #expect(try release["home_page_verified", as: Bool.self])
            #expect(try !release["download_url_verified", as: Bool.self])
        }
    }

    @Test func `a later file can only raise a link that the release has word for word, and needs a project URL to raise the home page`() async throws
    {
        try await TestIndex.run(settings: Self.settings) { test in
            try await test.user()
            let token = try await test.token()
            let own = "https://index.example/project/demo/"
            let home = UploadBuilder.wheel("demo", "1.0").with("home_page", own).adding("project_urls", "Index, \(own)")
            try await test.publish(home, token: token)
            try await test.db.write { tx in
                try tx.execute("UPDATE releases SET home_page_verified = FALSE")
                try tx.execute("UPDATE release_urls SET is_verified = FALSE")
            }
            func verdicts() async throws -> [Bool] {
                let rows = try await test.db.query(
                    "SELECT home_page_verified AS v, -1 AS n FROM releases UNION ALL SELECT is_verified AS v, position AS n FROM release_urls ORDER BY n"
                )
                return try rows.map { try $0["v"] }
            }
            try await test.publish(.wheel("demo", "1.0", tag: "py2-none-any").with("home_page", own), token: token)
            #expect(try await verdicts() == [false, false])
            try await test.publish(.wheel("demo", "1.0", tag: "cp39-none-any").adding("project_urls", "Other, \(own)"), token: token)
            #expect(try await verdicts() == [false, false])
            let same = UploadBuilder.wheel("demo", "1.0", tag: "cp310-none-any").with("home_page", own).adding("project_urls", "Index, \(own)")
            try await test.publish(same, token: token)
            #expect(try await verdicts() == [true, true])
            try await test.publish(.wheel("demo", "1.0", tag: "cp311-none-any").adding("project_urls", "Index, https://evil.example"), token: token)
            #expect(try await verdicts() == [true, true])
        }
    }

    @Test(arguments: [
        ("Alice <ALICE@example.org>, bob@example.org", true, true, true), ("alice@example.org", true, false, false),
        ("alice@example.org", false, true, false),
        ("bob@example.org, alice@example.org", true, true, false), ("Alice <>", true, true, false),
    ])
    func `an author is verified whose first address is a verified and public one of somebody with a role`(
        field: String,
        isVerified: Bool,
        isPublic: Bool,
        expected: Bool
    ) async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.user("bob")
            let token = try await test.token()
            // The first project makes alice an owner while her address is still good.
            try await test.publish(.wheel("demo", "0.1"), token: token)
            try await test.db.write { tx in
                try tx.execute("UPDATE emails SET is_public = TRUE WHERE address = 'bob@example.org'")
                try tx.execute(
                    "UPDATE emails SET is_public = \(isPublic), is_verified = \(isVerified), is_primary = \(isVerified) WHERE address = 'alice@example.org'"
                )
                try tx.execute(
                    "INSERT INTO emails (user_id, address, folded_address, is_primary, is_verified) SELECT id, 'other@example.org', 'other@example.org', \(!isVerified), TRUE FROM users WHERE username = 'alice'"
                )
            }
            try await test.publish(.wheel("demo", "1.0").with("author_email", field).with("maintainer_email", field), token: token)
            let release = try await test.db.query("SELECT author_email_verified, maintainer_email_verified FROM releases WHERE version = '1.0'")[0]
            #expect(try release["author_email_verified", as: Bool.self] == expected)
            #expect(try release["maintainer_email_verified", as: Bool.self] == expected)
        }
    }
}
