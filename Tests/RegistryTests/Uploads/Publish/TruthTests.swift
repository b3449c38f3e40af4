import Foundation
import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

/// What a file says against its form, and against itself (index §2.15; more than the reference checks).
@Suite struct `The truth of an upload` {
    private static func distribution(_ headers: [String]) -> DistributionBuilder {
        var distribution = DistributionBuilder("demo", "1.0")
        distribution.headers = headers
        return distribution
    }

    private static func upload(_ file: (filename: String, bytes: [UInt8]), _ fields: [(String, String)]) -> UploadBuilder {
        var upload = UploadBuilder("demo", "1.0", file: file)
        upload.fields += fields.map { (name: $0.0, value: $0.1) }
        return upload
    }

    @Test(arguments: [
        ([], "requires_dist", "evil>=1", "Requires-Dist is nothing in METADATA and 'evil>=1' in the form"),
        (["Requires-Dist: evil"], "summary", "x", "Requires-Dist is 'evil' in METADATA and nothing in the form"),
        (["Requires-Python: >=3.9"], "requires_python", ">=3.8", "Requires-Python is '>=3.9' in METADATA and '>=3.8' in the form"),
        (["Provides-Extra: a"], "provides_extra", "b", "Provides-Extra is 'a' in METADATA and 'b' in the form"),
    ])
    func `step 30: a wheel whose METADATA contradicts the form is refused with field, both values and the setting`(
        headers: [String],
        field: String,
        value: String,
        said: String
    ) async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let upload = Self.upload(Self.distribution(headers).wheel(), [(field, value)])
            let rejection = await refusal { try await test.publish(upload, token: token) }
            #expect(rejection.reason == .invalid)
            #expect(rejection.message.contains("contradicts the upload form: \(said)."))
            #expect(rejection.message.contains("EMPORIUM_METADATA_CHECK=warn"))
            #expect(try await test.db.query("SELECT id FROM projects").isEmpty)
        }
    }

    @Test func `step 30: an sdist's PKG-INFO must say what the form says, as far as it is bound to`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let lying = Self.upload(Self.distribution(["Requires-Dist: evil"]).sourceDistribution(), [("requires_dist", "good")])
            #expect(await refusal { try await test.publish(lying, token: token) }.field == "requires-dist")
            let silent = Self.upload(Self.distribution([]).sourceDistribution(), [("requires_dist", "good"), ("requires_python", ">=3.8")])
            #expect(try await test.publish(silent, token: token) == .published())
        }
    }

    @Test func `a site that only warns publishes such a file and notes the contradiction`() async throws {
        var settings = IndexSettings()
        settings.metadataCheck = .warn
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let upload = Self.upload(Self.distribution(["Requires-Dist: evil"]).wheel(), [("requires_dist", "good")])
            let warning = "The file's metadata contradicts the upload form: Requires-Dist is 'evil' in METADATA and 'good' in the form."
            #expect(try await test.publish(upload, token: try await test.token()) == .published(warnings: [warning]))
            let event = try #require(try await test.db.query("SELECT details FROM events WHERE tag = 'file:metadata:mismatch'").first)
            #expect(try event["details", as: String.self] == #"{"field":"requires-dist","in_file":"evil","in_form":"good"}"#)
        }
    }

    @Test func `step 30: a wheel that differs from its RECORD is published, and an event says how`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let record = [
                "demo/__init__.py,sha256=AAAA,3", "demo/gone.py,sha256=AAAA,1", "", "demo-1.0.dist-info\\METADATA,,", "demo-1.0.dist-info/WHEEL,,",
                "demo-1.0.dist-info/RECORD,,",
            ].joined(separator: "\n")
            var zip = ZipWriter()
            zip.add("demo/__init__.py", "1")
            zip.add("demo/unlisted.py", "2")
            zip.add("demo-1.0.dist-info/METADATA", DistributionBuilder("demo", "1.0").metadata)
            zip.add("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
            zip.add("demo-1.0.dist-info/RECORD", record)
            let upload = UploadBuilder("demo", "1.0", file: ("demo-1.0-py3-none-any.whl", zip.finished()))
            let warning =
                "RECORD does not say what is in the wheel: it leaves out demo/unlisted.py; it lists demo/gone.py, which is not there; the hash of demo/__init__.py is wrong; the size of demo/__init__.py is wrong."
            #expect(try await test.publish(upload, token: try await test.token()) == .published(warnings: [warning]))
            let event = try #require(try await test.db.query("SELECT details FROM events WHERE tag = 'file:record:mismatch'").first)
            #expect(
                try event["details", as: String.self]
                    == #"{"extra":"demo/gone.py","missing":"demo/unlisted.py","wrong_hash":"demo/__init__.py","wrong_size":"demo/__init__.py"}"#
            )
        }
    }

    @Test func `a wheel that is as its RECORD says leaves no such event`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.publish(.wheel("demo", "1.0"), token: try await test.token())
            #expect(try await test.db.query("SELECT id FROM events WHERE tag LIKE '%mismatch'").isEmpty)
        }
    }

    @Test(arguments: [UploadBuilder.wheel("demo", "1.0"), .sdist("demo", "1.0")])
    func `a file that can not be looked at is not published, and it is not called bad`(upload: UploadBuilder) async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let received = try upload.received(as: .token(token), in: test.folder)
            try FileManager.default.removeItem(atPath: try #require(received.content?.localPath))
            let rejection = await refusal { try await test.index.publish(received) }
            #expect(rejection.reason == .unavailable)
            #expect(try await test.db.query("SELECT id FROM projects").isEmpty)
            #expect(try await test.publish(upload, token: token) == .published())
        }
    }

    @Test func `a later file that needs other Pythons or packages than the first is published, and the answer and an event say so`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(Self.upload(Self.distribution([]).wheel(tag: "py2-none-any"), []), token: token)
            let other = Self.upload(
                Self.distribution(["Requires-Python: >=3.9", "Requires-Dist: six"]).wheel(tag: "py3-none-any"),
                [("requires_python", ">=3.9"), ("requires_dist", "six")]
            )
            let outcome = try await test.publish(other, token: token)
            #expect(outcome.warnings.map { $0.prefix { $0 != " " } } == ["Requires-Python", "Requires-Dist"])
            let events = try await test.db.query("SELECT details FROM events WHERE tag = 'file:release:mismatch'")
            #expect(try events.map { try $0["details", as: String.self] } == [#"{"fields":"Requires-Python, Requires-Dist"}"#])
            let same = Self.upload(Self.distribution([]).wheel(tag: "py4-none-any"), [])
            #expect(try await test.publish(same, token: token) == .published())
        }
    }

    @Test func `each file carries its own Requires-Python on the index pages, the release that of its first file (B3)`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            for (tag, python) in [("py3-none-any", ">=3.9"), ("py2-none-any", "<3"), ("py4-none-any", nil)] {
                let file = Self.distribution(python.map { ["Requires-Python: \($0)"] } ?? []).wheel(tag: tag)
                try await test.publish(Self.upload(file, python.map { [("requires_python", $0)] } ?? []), token: token)
            }
            let rows = try await test.db.query("SELECT filename, requires_python FROM files ORDER BY id")
            #expect(try rows.map { try $0["requires_python", as: String?.self] } == [">=3.9", "<3", nil])
            let releases = try await test.db.query("SELECT requires_python FROM releases")
            #expect(try releases.map { try $0["requires_python", as: String?.self] } == [">=3.9"])
            let page = try #require(try await test.index.simplePage(of: NormalizedName(normalizing: "demo"), format: .v1JSON))
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(text.contains(#""requires-python":">=3.9""#) && text.contains(#""requires-python":"<3""#))
        }
    }

    @Test func `a file that contradicts its form carries what it says itself, where the site only warns (B3)`() async throws {
        var settings = IndexSettings()
        settings.metadataCheck = .warn
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let upload = Self.upload(Self.distribution(["Requires-Python: >=3.10"]).wheel(), [("requires_python", ">=3.8")])
            #expect(try await test.publish(upload, token: try await test.token()).warnings.count == 1)
            let rows = try await test.db.query("SELECT requires_python FROM files")
            #expect(try rows.map { try $0["requires_python", as: String?.self] } == [">=3.10"])
        }
    }

    @Test func `what is told of a RECORD stays short, however long its paths are`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            var zip = ZipWriter()
            zip.add("demo-1.0.dist-info/METADATA", DistributionBuilder("demo", "1.0").metadata)
            zip.add("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
            let long = (0..<50).map { "\(String(repeating: "x", count: 4_000))\($0),,\n" }.joined()
            zip.add("demo-1.0.dist-info/RECORD", "demo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/WHEEL,,\ndemo-1.0.dist-info/RECORD,,\n" + long)
            let upload = UploadBuilder("demo", "1.0", file: ("demo-1.0-py3-none-any.whl", zip.finished()))
            let outcome = try await test.publish(upload, token: try await test.token())
            #expect(outcome.warnings.count == 1 && outcome.warnings[0].count < 400)
            let event = try #require(try await test.db.query("SELECT details FROM events WHERE tag = 'file:record:mismatch'").first)
            #expect(try event["details", as: String.self].count < 3_000)
        }
    }
}
