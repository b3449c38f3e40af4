// The JSON documents that bots read (index §3.1, §3.2).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct ProjectJSONTests {
    private func read(_ site: Site, _ path: String) async throws -> [String: Any] {
        let answer = try await site.client.get(path)
        #expect(answer.status == 200 && answer["Content-Type"] == "application/json", "\(path): \(answer.status)")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    @Test func `a project's document has every field, as bots have long read them`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("Demo.Pkg", "1.0"))
            try await site.publish(.sdist("Demo.Pkg", "1.1"))
            let answer = try await site.client.get("/pypi/demo-pkg/json")
            #expect(answer["Cache-Control"] == "max-age=900, public" && answer["Access-Control-Allow-Origin"] == "*")
            #expect(answer["X-PyPI-Last-Serial"] != nil && answer["ETag"] != nil && answer.text.hasSuffix("\n"))
            #expect(answer["Surrogate-Key"]?.contains("project/demo-pkg") == true)
            let document = try await read(site, "/pypi/demo-pkg/json")
            #expect(Set(document.keys) == ["info", "last_serial", "releases", "urls", "vulnerabilities", "ownership"])
            let info = try #require(document["info"] as? [String: Any])
            #expect(
                Set(info.keys) == [
                    "author", "author_email", "bugtrack_url", "classifiers", "description", "description_content_type", "docs_url", "download_url",
                    "downloads", "dynamic", "home_page", "keywords", "license", "license_expression", "license_files", "maintainer",
                    "maintainer_email", "name", "package_url", "platform", "project_url", "project_urls", "provides_extra", "release_url",
                    "requires_dist", "requires_python", "summary", "version", "yanked", "yanked_reason",
                ]
            )
            #expect(info["name"] as? String == "Demo.Pkg" && info["version"] as? String == "1.1" && info["yanked"] as? Bool == false)
            #expect(info["bugtrack_url"] is NSNull)
            let releases = try #require(document["releases"] as? [String: [[String: Any]]])
            #expect(Set(releases.keys) == ["1.0", "1.1"] && releases["1.0"]?.count == 1)
            let file = try #require(releases["1.0"]?.first)
            #expect(
                Set(file.keys) == [
                    "comment_text", "core-metadata", "digests", "downloads", "filename", "has_sig", "md5_digest", "packagetype", "python_version",
                    "requires_python", "size", "upload_time", "upload_time_iso_8601", "url", "yanked", "yanked_reason",
                ]
            )
            #expect((file["digests"] as? [String: String])?.keys.sorted() == ["blake2b_256", "md5", "sha256"])
            #expect((file["url"] as? String)?.hasPrefix("http://") == true && file["packagetype"] as? String == "bdist_wheel")
            #expect((file["upload_time"] as? String)?.count == 19 && (file["upload_time_iso_8601"] as? String)?.hasSuffix("Z") == true)
            #expect((file["core-metadata"] as? [String: String])?["sha256"]?.count == 64)
            let ownership = try #require(document["ownership"] as? [String: Any])
            #expect((ownership["roles"] as? [[String: String]])?.first == ["role": "Owner", "user": "alice"] && ownership["organization"] is NSNull)
            // Of a release: itself alone.
            let release = try await read(site, "/pypi/demo-pkg/1.0.0/json")
            #expect(release["releases"] == nil && (release["info"] as? [String: Any])?["version"] as? String == "1.0")
            #expect((release["urls"] as? [[String: Any]])?.count == 1)
        }
    }

    @Test func `the release that stands for a project is not yanked, and no pre-release, if there is such a one`() async throws {
        try await Site.run { site in
            for version in ["1.0", "1.1", "2.0rc1"] { try await site.publish(.wheel("demo", version)) }
            func shown() async throws -> String? { (try await read(site, "/pypi/demo/json")["info"] as? [String: Any])?["version"] as? String }
            #expect(try await shown() == "1.1")
            try await site.sql("UPDATE releases SET yanked = TRUE, yanked_reason = 'broken' WHERE version = '1.1'")
            #expect(try await shown() == "1.0")
            try await site.sql("UPDATE releases SET yanked = TRUE WHERE version = '1.0'")
            #expect(try await shown() == "2.0rc1")
            try await site.sql("UPDATE releases SET yanked = TRUE")
            #expect(try await shown() == "1.1")
            let yanked = try await read(site, "/pypi/demo/1.1/json")
            #expect((yanked["info"] as? [String: Any])?["yanked_reason"] as? String == "broken")
        }
    }

    @Test func `names are redirected, versions are not, and what is not there is 404 in JSON`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            for (path, location) in [
                ("/pypi/DEMO/json", "/pypi/demo/json"), ("/pypi/Demo/json/", "/pypi/demo/json/"), ("/pypi/DEMO/1.0/json", "/pypi/demo/1.0/json"),
            ] {
                let answer = try await site.client.get(path)
                #expect(answer.status == 301 && answer["Location"] == location && answer["Access-Control-Allow-Origin"] == "*", "\(path)")
            }
            try await site.sql(
                "INSERT INTO projects (uuid, name, normalized_name, ultranormalized_name, created_at) VALUES ('u', 'empty', 'empty', 'empty', 1)"
            )
            for path in ["/pypi/nothing/json", "/pypi/demo/9/json", "/pypi/empty/json", "/pypi/demo/1.0x/json", "/pypi/%00/json"] {
                let answer = try await site.client.get(path)
                #expect(answer.status == 404 && answer.text.hasPrefix("{\"message\""), "\(path): \(answer.status) \(answer.text)")
            }
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter' WHERE name = 'demo'")
            #expect(try await site.client.get("/pypi/demo/json").status == 404)
        }
    }

    @Test func `a publish is there with the next look`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let before = try await site.client.get("/pypi/demo/json")
            #expect(try await site.client.get("/pypi/demo/json")["ETag"] == before["ETag"])
            try await site.publish(.wheel("demo", "1.1"))
            let after = try await site.client.get("/pypi/demo/json")
            #expect(after["ETag"] != before["ETag"] && after.text.contains("demo-1.1"))
        }
    }

    // index §3.2
    @Test func `known vulnerabilities of the shown release are listed, withdrawn ones too, with the next look`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("demo", "1.1"))
            func listed(_ path: String) async throws -> [[String: Any]] {
                try #require(try await read(site, path)["vulnerabilities"] as? [[String: Any]])
            }
            for path in ["/pypi/demo/json", "/pypi/demo/1.0/json", "/pypi/demo/1.1/json"] { #expect(try await listed(path).isEmpty) }
            let before = try await site.client.get("/pypi/demo/1.0/json")
            var report = VulnerabilityReport(source: "osv", identifier: "PYSEC-2026-1", project: "demo", versions: ["1.0"])
            (report.link, report.aliases, report.fixedIn) = ("https://example.org/PYSEC-2026-1", ["CVE-2026-1"], ["1.1"])
            (report.details, report.summary) = ("It \"breaks\"", "Breaks")
            try await site.test.index.recordVulnerability(report)
            let found = try #require(try await listed("/pypi/demo/1.0/json").first)
            #expect(Set(found.keys) == ["aliases", "details", "fixed_in", "id", "link", "source", "summary", "withdrawn"])
            #expect(
                found["id"] as? String == "PYSEC-2026-1" && found["source"] as? String == "osv" && found["aliases"] as? [String] == ["CVE-2026-1"]
            )
            #expect(found["link"] as? String == "https://example.org/PYSEC-2026-1" && found["fixed_in"] as? [String] == ["1.1"])
            #expect(found["details"] as? String == "It \"breaks\"" && found["summary"] as? String == "Breaks" && found["withdrawn"] is NSNull)
            // The other release does not have it, and no serial has moved.
            #expect(try await listed("/pypi/demo/json").isEmpty)
            let after = try await site.client.get("/pypi/demo/1.0/json")
            #expect(after["X-PyPI-Last-Serial"] == before["X-PyPI-Last-Serial"] && after["ETag"] != before["ETag"])
            (report.withdrawnAt, report.summary, report.versions) = (1_767_225_599_000_000, nil, ["1.0", "1.1"])
            try await site.test.index.recordVulnerability(report)
            let withdrawn = try #require(try await listed("/pypi/demo/json").first)
            #expect(withdrawn["withdrawn"] as? String == "2025-12-31T23:59:59Z" && withdrawn["summary"] is NSNull)
        }
    }
}
