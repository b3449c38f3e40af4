// The index pages byte for byte (index §1.4, §1.5).

import Backends
import Distributions
import Foundation
import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

struct PageBytesTests {
    /// A project like that of index §1.5: a plain sdist and a decorated wheel. What it requires is stored sorted (index §2.5).
    private struct Demo {
        let sdist = UploadBuilder("Demo.Project", "1.0", file: DistributionBuilder("Demo.Project", "1.0").sourceDistribution())
        let wheel: UploadBuilder

        init() {
            var distribution = DistributionBuilder("Demo.Project", "2.0")
            distribution.headers = ["Requires-Python: >=3.8,<4"]
            wheel = UploadBuilder("Demo.Project", "2.0", file: distribution.wheel()).with("requires_python", ">=3.8,<4")
        }

        static func path(_ upload: UploadBuilder) -> String {
            let hash = Digests(of: upload.bytes).blake2b256
            return "\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash.dropFirst(4))/\(upload.filename)"
        }

        var values: KeyValuePairs<String, String> {
            let metadata = Array("Metadata-Version: 2.1\nName: Demo.Project\nVersion: 2.0\nRequires-Python: >=3.8,<4\n\n".utf8)
            return [
                "sdist-path": Self.path(sdist), "sdist-sha256": Digests(of: sdist.bytes).sha256, "sdist-size": "\(sdist.bytes.count)",
                "wheel-path": Self.path(wheel), "wheel-sha256": Digests(of: wheel.bytes).sha256, "wheel-size": "\(wheel.bytes.count)",
                "metadata-sha256": Digests(of: metadata).sha256,
            ]
        }
    }

    // index §1.4, §1.5
    @Test func `a project page has exactly these bytes`() async throws {
        try await Site.run { site in
            let demo = Demo()
            try await site.publish(demo.sdist)
            try await site.publish(demo.wheel)
            let html = try await site.client.get("/simple/demo-project/")
            #expect(html.text == (try expected("simple/project.html", demo.values)))
            #expect(try await site.client.get("/simple/demo-project/", ["Accept": v1HTML]).body == html.body)
            #expect(try await site.client.get("/simple/demo-project/", ["Accept": v1JSON]).text == (try expected("simple/project.json", demo.values)))
        }
    }

    // index §1.4, §1.5: yanked, without and with a reason that has to be escaped.
    @Test func `a yanked release shows its reason in all its files`() async throws {
        try await Site.run { site in
            let demo = Demo()
            try await site.publish(demo.sdist)
            try await site.publish(demo.wheel)
            try await site.sql("UPDATE releases SET yanked = TRUE WHERE version = '1.0'")
            try await site.sql("UPDATE releases SET yanked = TRUE, yanked_reason = \("broken \"<&'> é") WHERE version = '2.0'")
            #expect(try await site.client.get("/simple/demo-project/").text == (try expected("simple/yanked.html", demo.values)))
            #expect(try await site.client.get("/simple/demo-project/", ["Accept": v1JSON]).text == (try expected("simple/yanked.json", demo.values)))
        }
    }

    // index §1.4: an empty reason counts as none.
    @Test func `yanked without a reason is true, and not yanked is false`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("demo", "2.0"))
            try await site.sql("UPDATE releases SET yanked = TRUE, yanked_reason = '' WHERE version = '1.0'")
            #expect(try await site.files("demo").map { $0["yanked"] as? Bool } == [true, false])
            try await site.sql("UPDATE releases SET yanked = FALSE, yanked_reason = 'of old' WHERE version = '1.0'")
            #expect(try await site.files("demo").map { $0["yanked"] as? Bool } == [false, false])
        }
    }

    // index §1.4, §1.5
    @Test func `the list of projects has exactly these bytes`() async throws {
        try await Site.run { site in
            for name in ["zeta", "Alpha.Beta", "alpha_gamma", "beta"] { try await site.publish(.wheel(name, "1.0")) }
            #expect(try await site.client.get("/simple/").text == (try expected("simple/index.html")))
            #expect(try await site.client.get("/simple/", ["Accept": v1HTML]).text == (try expected("simple/index.html")))
            #expect(try await site.client.get("/simple/", ["Accept": v1JSON]).text == (try expected("simple/index.json")))
        }
    }

    // index §1.3, §1.4
    @Test func `an empty index lists nothing, with serial 0`() async throws {
        try await Site.run { site in
            let html = try await site.client.get("/simple/")
            #expect(html.text == (try expected("simple/empty-index.html")))
            #expect(html["X-PyPI-Last-Serial"] == "0")
            #expect(try await site.client.get("/simple/", ["Accept": v1JSON]).text == (try expected("simple/empty-index.json")))
        }
    }

    // index §1.6: known, but without files.
    @Test func `a project without files is an empty page, not a 404`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.sql("DELETE FROM files")
            try await site.sql("DELETE FROM releases")
            let page = try await site.client.get("/simple/demo/")
            #expect(page.status == 200)
            #expect(page.text == (try expected("simple/without-files.html")))
            #expect(try await site.client.get("/simple/demo/", ["Accept": v1JSON]).text == (try expected("simple/without-files.json")))
            // The files' bytes are orphans now, by the test's own doing.
            for path in try await site.test.storage.list() { try await site.test.storage.delete(path) }
        }
    }

    // index §1.4: versions in the order of PEP 440, only those with files; files by version and name.
    @Test func `versions and files stand in version order`() async throws {
        try await Site.run { site in
            for version in ["1.10", "1.9", "1.0.dev1", "1.0", "1!0.1", "1.0rc1", "2.0.post1", "1.0.post1"] {
                try await site.publish(.wheel("demo", version))
            }
            try await site.publish(.sdist("demo", "1.9"))
            try await site.sql("DELETE FROM files WHERE filename = 'demo-1.0rc1-py3-none-any.whl'")
            let page = try await site.json("demo")
            #expect(page["versions"] as? [String] == ["1.0.dev1", "1.0", "1.0.post1", "1.9", "1.10", "2.0.post1", "1!0.1"])
            let names = try await site.files("demo").map { $0["filename"] as? String }
            #expect(Array(names[3...4]) == ["demo-1.9-py3-none-any.whl", "demo-1.9.tar.gz"])
            #expect(names.last == "demo-1!0.1-py3-none-any.whl")
            for path in try await site.test.storage.list() where path.text.contains("1.0rc1") { try await site.test.storage.delete(path) }
        }
    }

    // index §1.4: microseconds, unless they are exactly zero.
    @Test func `upload times show microseconds unless there are none`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            #expect(try await site.files("demo").first?["upload-time"] as? String == "2026-01-02T03:04:05.678901Z")
            try await site.sql("UPDATE files SET uploaded_at = 1767323045000000")
            #expect(try await site.files("demo").first?["upload-time"] as? String == "2026-01-02T03:04:05Z")
        }
    }

    // index §1.4: an empty requires-python is null, and no attribute at all.
    @Test func `an empty requires-python counts as none`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.sql("UPDATE files SET requires_python = ''")
            #expect(try await site.files("demo").first?["requires-python"] is NSNull)
            #expect(try await !site.client.get("/simple/demo/").text.contains("data-requires-python"))
        }
    }

    // index §1.4: every key is always there, and no other.
    @Test func `file objects have exactly the keys of API version 1.4`() async throws {
        try await Site.run { site in
            try await site.publish(.sdist("demo", "1.0"))
            try await site.publish(.wheel("demo", "1.0"))
            let keys = Set([
                "filename", "url", "hashes", "requires-python", "size", "upload-time", "yanked", "core-metadata", "data-dist-info-metadata",
                "provenance",
            ])
            let files = try await site.files("demo")
            for file in files { #expect(Set(file.keys) == keys) }
            #expect(files[1]["core-metadata"] as? Bool == false)
            #expect(files[0]["core-metadata"] as? [String: String] == files[0]["data-dist-info-metadata"] as? [String: String])
            #expect(try await Set(site.json("demo").keys) == ["files", "meta", "name", "project-status", "versions"])
        }
    }
}

extension Site {
    /// A project's JSON page.
    func json(_ project: String) async throws -> [String: Any] {
        let page = try await client.get("/simple/\(project)/", ["Accept": v1JSON])
        return try #require(JSONSerialization.jsonObject(with: Data(page.body)) as? [String: Any])
    }

    func files(_ project: String) async throws -> [[String: Any]] {
        try #require(try await json(project)["files"] as? [[String: Any]])
    }
}
