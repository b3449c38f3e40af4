import Backends
import Distributions
import Registry
import SQLDatabase
import TestSupport
import Testing

/// Steps 17 to 30 of index §2.3, as far as they look at the file.
@Suite struct `The file of an upload` {
    private static let wheel = UploadBuilder.wheel("demo", "1.0")

    private func refuse(_ upload: UploadBuilder, settings: IndexSettings = IndexSettings()) async throws -> Rejection {
        var rejection: Rejection?
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let token = try await test.token()
            rejection = await refusal { try await test.publish(upload, token: token) }
            #expect(try await test.db.query("SELECT COUNT(*) AS n FROM projects")[0]["n", as: Int.self] == 0)
        }
        return try #require(rejection)
    }

    @Test func `step 17: versions that are equal are one release, spelled like its first file`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("demo", "1.0"), token: token)
            try await test.publish(.wheel("demo", "1.0.0", tag: "py2-none-any"), token: token)
            let releases = try await test.db.query("SELECT version FROM releases")
            #expect(try releases.map { try $0["version", as: String.self] } == ["1.0"])
        }
    }

    @Test(arguments: ["demo-1.0\u{01}-py3-none-any.whl", "demo-1.0\u{7F}.whl"])
    func `step 18: control characters in a name are refused`(filename: String) async throws {
        #expect(try await refuse(Self.wheel.with(filename: filename)).message.contains("non-printable"))
    }

    @Test(arguments: ["../demo-1.0-py3-none-any.whl", "a\\demo-1.0-py3-none-any.whl", "/etc/passwd.whl"])
    func `step 19: a path is no name`(filename: String) async throws {
        #expect(try await refuse(Self.wheel.with(filename: filename)).message.contains("'/'"))
    }

    @Test(arguments: ["demo-1.0.egg", "demo-1.0.exe", "demo-1.0-py3-none-any.WHL", "demo-1.0.tar.gz", "demo-1.0.zip"])
    func `step 20: the extension belongs to the file type`(filename: String) async throws {
        #expect(try await refuse(Self.wheel.with(filename: filename)).message.contains("extension"))
    }

    @Test func `step 21: a part without a type passes, as uv and flit send it`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            #expect(try await test.publish(Self.wheel.with(contentType: nil), token: try await test.token()) == .published())
        }
    }

    @Test(arguments: ["", "image/png", "IMAGE/jpeg"])
    func `step 21: a part with an empty type, or an image, is no distribution`(type: String) async throws {
        #expect(try await refuse(Self.wheel.with(contentType: type)).message.contains("Invalid distribution file"))
    }

    @Test func `step 22: the limit itself passes, a byte more does not`() async throws {
        var settings = IndexSettings()
        settings.fileSizeLimit = Int64(Self.wheel.bytes.count)
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            #expect(try await test.publish(Self.wheel, token: try await test.token()) == .published())
        }
        settings.fileSizeLimit -= 1
        let rejection = try await refuse(Self.wheel, settings: settings)
        #expect(rejection.message.contains("File too large") && rejection.message.contains("EMPORIUM_FILE_SIZE_LIMIT"))
    }

    @Test func `step 22: an override raises the limit and never lowers it`() async throws {
        var settings = IndexSettings()
        settings.fileSizeLimit = Int64(Self.wheel.bytes.count)
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.wheel, token: token)
            try await test.db.write { try $0.execute("UPDATE projects SET file_size_limit = 1") }
            try await test.publish(.wheel("demo", "2.0"), token: token)
            let big = UploadBuilder.wheel("demo", "3.0", tag: "cp311-cp311-manylinux_2_17_x86_64")
            #expect(await refusal { try await test.publish(big, token: token) }.message.contains("File too large"))
            try await test.db.write { try $0.execute("UPDATE projects SET file_size_limit = 100000") }
            try await test.publish(big, token: token)
        }
    }

    @Test func `step 23: a project has a limit in all`() async throws {
        var settings = IndexSettings()
        settings.projectSizeLimit = Int64(Self.wheel.bytes.count) + 10
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.wheel, token: token)
            #expect(await refusal { try await test.publish(.wheel("demo", "2.0"), token: token) }.message.contains("Project size too large"))
        }
    }

    @Test(arguments: ["md5_digest", "sha256_digest", "blake2_256_digest"])
    func `step 24: every digest that is sent has to be right`(field: String) async throws {
        let wrong = String(repeating: "0", count: field == "md5_digest" ? 32 : 64)
        #expect(try await refuse(Self.wheel.with(field, wrong)).message.contains("digest"))
        let digests = Digests(of: Self.wheel.bytes)
        let right = ["md5_digest": digests.md5, "sha256_digest": digests.sha256, "blake2_256_digest": digests.blake2b256][field] ?? ""
        try await TestIndex.run { test in
            try await test.user()
            #expect(
                try await test.publish(Self.wheel.with("sha256_digest", nil).with(field, right.uppercased()), token: try await test.token())
                    == .published()
            )
        }
    }

    @Test func `step 25: the very same file again is a success that writes nothing`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.wheel, token: token)
            // Older than the window, and still no error.
            test.clock.advance(by: .seconds(30 * 86400))
            #expect(try await test.publish(Self.wheel, token: token) == .alreadyPublished)
            #expect(try await test.db.read { try $0.journal.lastSerial() } == 4)
        }
    }

    @Test func `step 25: other bytes under a name that is taken are refused in the words that clients look for`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.wheel, token: token)
            var other = DistributionBuilder("demo", "1.0")
            other.description = "other"
            let changed = UploadBuilder("demo", "1.0", file: other.wheel())
            let rejection = await refusal { try await test.publish(changed, token: token) }
            #expect(rejection.message.hasPrefix("File already exists"))
            #expect(rejection.message.contains(changed.filename) && rejection.message.contains(Digests(of: changed.bytes).blake2b256))
            #expect(rejection.message.contains("#file-name-reuse"))
        }
    }

    @Test func `step 25: the same bytes under another name, even in another project, are refused`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.wheel, token: token)
            let copy = UploadBuilder.wheel("elsewhere", "1.0").with(bytes: Self.wheel.bytes)
            #expect(await refusal { try await test.publish(copy, token: token) }.message.hasPrefix("File already exists"))
        }
    }

    @Test func `step 26: a name that a deleted file had stays taken`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.wheel, token: token)
            let path = try await test.db.read { try $0.files.paths()[0] }
            try await test.db.write { try $0.execute("DELETE FROM files") }
            try await test.storage.delete(.init(path))
            try await test.storage.delete(.init(path + ".metadata"))
            let rejection = await refusal { try await test.publish(Self.wheel, token: token) }
            #expect(rejection.message.contains("previously used"))
        }
    }

    @Test func `step 27: a release takes files for 14 days, and for ever where the site says so`() async throws {
        let late = UploadBuilder.wheel("demo", "1.0", tag: "py2-none-any")
        for (rules, isLate) in [(IndexSettings.Rules.pypi, true), (.team, false)] {
            try await TestIndex.run(settings: IndexSettings(rules: rules)) { test in
                try await test.user()
                let token = try await test.token()
                try await test.publish(Self.wheel, token: token)
                test.clock.advance(by: .seconds(14 * 86400))
                try await test.publish(.wheel("demo", "1.0", tag: "py3-none-win32"), token: token)
                test.clock.advance(by: .seconds(1))
                if isLate {
                    #expect(await refusal { try await test.publish(late, token: token) }.message.contains("EMPORIUM_UPLOAD_WINDOW_DAYS"))
                } else {
                    #expect(try await test.publish(late, token: token) == .published())
                }
            }
        }
    }

    @Test func `step 28: a release has one sdist`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.sdist("demo", "1.0"), token: token)
            #expect(await refusal { try await test.publish(.sdist("demo", "1.0.0"), token: token) }.message.contains("Only one sdist"))
        }
    }

    @Test func `step 29: a file that is no archive is refused`() async throws {
        #expect(try await refuse(Self.wheel.with(bytes: Array("not a zip".utf8))).message.hasPrefix("Invalid distribution file."))
        #expect(
            try await refuse(UploadBuilder.sdist("demo", "1.0").with(bytes: Array("not a tar".utf8))).message.hasPrefix("Invalid distribution file.")
        )
    }

    @Test(arguments: ["Demo-1.0.tar.gz", "demo-1.00.tar.gz", "other-1.0.tar.gz"])
    func `step 30: a source distribution has exactly the name its project and version give it`(filename: String) async throws {
        let right = UploadBuilder.sdist("demo", "1.0")
        _ = try await refuse(right.with(filename: filename))
    }

    @Test func `step 30: a plain linux wheel is refused with the setting that would allow it`() async throws {
        let upload = UploadBuilder.wheel("demo", "1.0", tag: "cp311-cp311-linux_x86_64")
        #expect(try await refuse(upload).message.contains("EMPORIUM_LINUX_WHEELS"))
        try await TestIndex.run(settings: IndexSettings(rules: .team)) { test in
            try await test.user()
            #expect(try await test.publish(upload, token: try await test.token()) == .published())
        }
    }

    @Test func `step 31: attestations are taken, bounded and left aside`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            #expect(try await test.publish(Self.wheel.adding("attestations", "[]"), token: token) == .published())
            let huge = UploadBuilder.wheel("demo", "2.0").adding("attestations", String(repeating: "x", count: 300_000))
            #expect(await refusal { try await test.publish(huge, token: token) }.field == "attestations")
        }
    }
}
