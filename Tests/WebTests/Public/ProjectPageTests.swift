// A project's page (platform §11.3).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct ProjectPageTests {
    private func read(_ site: Site, _ path: String) async throws -> RawResponse { try await site.client.get(path, ["Accept": "text/html"]) }

    @Test func `a project's page shows its readme, versions, files and dependencies, each at an address of its own`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("Demo.Pkg", "1.0"))
            try await site.publish(.wheel("Demo.Pkg", "1.1"))
            try await site.publish(.wheel("other-pkg", "2.0"))
            try await site.sql("UPDATE releases SET summary = 'A demonstration', requires_python = '>=3.10', license_expression = 'MIT'")
            try await site.sql(
                """
                INSERT INTO release_dependencies (release_id, kind, position, specifier)
                SELECT id, 'requires_dist', 0, 'Other.Pkg[fast]>=2; python_version < "3.12"' FROM releases
                """
            )
            try await site.sql(
                "INSERT INTO release_dependencies (release_id, kind, position, specifier) SELECT id, 'requires_dist', 1, 'tests-lib; extra == \"test\"' FROM releases"
            )
            let page = try await read(site, "/project/demo-pkg/")
            #expect(page.status == 200)
            for words in ["Demo.Pkg <small>1.1</small>", "A demonstration", "Python &gt;=3.10", "MIT", "pip install --index-url", "alice"] {
                #expect(page.text.contains(words), "\(words)")
            }
            let versions = try await read(site, "/project/demo-pkg/versions/").text
            #expect(versions.contains("2 releases") && versions.contains("href=\"/project/demo-pkg/1.0/\"") && versions.contains("Latest"))
            let files = try await read(site, "/project/demo-pkg/1.0/files/").text
            #expect(files.contains("demo_pkg-1.0") && files.contains("SHA-256") && !files.contains("demo_pkg-1.1-"))
            let needs = try await read(site, "/project/demo-pkg/dependencies/").text
            #expect(
                needs.contains("href=\"/project/other-pkg/\"") && needs.contains("[fast]") && needs.contains("Extra test") && needs.contains("&gt;=2")
            )
            let old = try await read(site, "/project/demo-pkg/1.0/").text
            #expect(old.contains("A newer release is there") && old.contains("Demo.Pkg==1.0"))
        }
    }

    @Test func `each page has one address, and what is not there is 404`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            for (path, location) in [
                ("/project/DEMO/", "/project/demo/"), ("/project/demo/1.0.0/", "/project/demo/1.0/"),
                ("/project/Demo/v1/files/", "/project/demo/1.0/files/"),
                ("/project/Demo/versions/", "/project/demo/versions/"),
            ] {
                let answer = try await read(site, path)
                #expect(answer.status == 301 && answer["Location"] == location, "\(path): \(answer.status) \(answer["Location"] ?? "")")
            }
            for path in ["/project/nothing/", "/project/demo/2.0/", "/project/%00/", "/project/demo/%00/", "/project/d%C3%A9mo/"] {
                #expect(try await read(site, path).status == 404, "\(path)")
            }
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter'")
            #expect(try await read(site, "/project/demo/").status == 404)
        }
    }

    @Test func `who looks is told what to know first`() async throws {
        try await Site.run { site in
            for version in ["1.0", "1.1", "2.0rc1"] { try await site.publish(.wheel("demo", version)) }
            #expect(try await read(site, "/project/demo/2.0rc1/").text.contains("This is a pre-release. The newest stable release is"))
            try await site.sql("UPDATE releases SET yanked = TRUE, yanked_reason = '<script>alert(1)</script>' WHERE version = '1.1'")
            let yanked = try await read(site, "/project/demo/1.1/").text
            #expect(yanked.contains("This release is yanked") && yanked.contains("&lt;script&gt;alert(1)") && yanked.contains(">1.0</a> instead"))
            try await site.sql("UPDATE projects SET lifecycle_status = 'archived'")
            #expect(try await read(site, "/project/demo/").text.contains("This project is archived"))
        }
    }

    @Test func `what a release says of itself is text, and its links lead to the web`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>"
            try await site.sql("UPDATE releases SET summary = \(evil), author = \(evil), license = \(evil), requires_python = \(evil)")
            for (position, url) in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "https://good.example/\(evil)"].enumerated() {
                try await site.sql(
                    "INSERT INTO release_urls (release_id, position, label, url) SELECT id, \(position), \("\(evil)\(position)"), \(url) FROM releases"
                )
            }
            try await site.sql(
                "INSERT INTO release_dependencies (release_id, kind, position, specifier) SELECT id, 'requires_dist', 0, \("x ; \(evil)") FROM releases"
            )
            for path in ["/project/demo/", "/project/demo/files/", "/project/demo/dependencies/", "/project/demo/versions/"] {
                let page = try await read(site, path)
                #expect(page.status == 200)
                #expect(
                    !page.text.contains("<script>alert") && !page.text.contains("<img src=x") && !page.text.contains("href=\"javascript"),
                    "\(path)"
                )
                #expect(!page.text.lowercased().contains("href=\"javascript:") && !page.text.contains("href=\"data:"))
                #expect(page["Content-Security-Policy"]?.contains("default-src 'none'") == true)
            }
        }
    }
}
