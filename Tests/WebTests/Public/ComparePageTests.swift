// What differs between two releases.

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct ComparePageTests {
    private static let page = "/project/demo/compare/1.0/1.1/"

    private static func info(_ version: String, _ more: String = "") -> (path: String, content: String) {
        ("demo-\(version).dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: \(version)\n\(more)\n")
    }

    @Test func `what asks for a look comes first, and what changed can be read line by line`() async throws {
        try await Site.run { site in
            let old = (1...20).map { "line \($0)" }.joined(separator: "\n")
            try await site.publish(
                "demo",
                "1.0",
                holding: [("demo/__init__.py", old), ("demo/gone.py", "g\n"), ("demo/same.py", "s\n"), Self.info("1.0", "Requires-Dist: lib>=1")]
            )
            #expect(try await site.page("/project/demo/compare/1.0/1.0/").text.contains("Nobody has looked into these files yet"))
            try await site.publish(
                "demo",
                "1.1",
                holding: [
                    ("demo/__init__.py", old.replacing("line 10\n", with: "line <ten>\n")), ("demo/new.py", "n\n"), ("demo/same.py", "s\n"),
                    ("evil.pth", "import os\n"),
                    ("demo/fast.so", "x"), Self.info("1.1", "Requires-Dist: lib>=2\nRequires-Dist: stranger"),
                    ("demo-1.1.dist-info/entry_points.txt", "[console_scripts]\npip = demo:main\n"),
                ]
            )
            try await site.test.runJobs()
            let page = try await site.page(Self.page)
            #expect(page.status == 200)
            let risks = try #require(page.text.range(of: "Look at this first"))
            let files = try #require(page.text.range(of: "<h3>Added"))
            #expect(risks.lowerBound < files.lowerBound)
            for words in [
                "evil.pth", "<code class=\"path\">pip</code>", "<code class=\"path\">stranger</code>", "demo/fast.so</a>",
                "<td>−</td><td>lib&gt;=1</td>", "<td>+</td><td>lib&gt;=2</td>", "[console_scripts] pip = demo:main",
                "href=\"/project/demo/1.0/contents/demo-1.0-py3-none-any.whl/demo/gone.py\"",
                "href=\"/project/demo/1.1/contents/demo-1.1-py3-none-any.whl/demo/new.py\"", "href=\"\(Self.page)demo/__init__.py\"",
            ] { #expect(page.text.contains(words), "\(words)") }
            #expect(!page.text.contains("demo/same.py"))

            let lines = try await site.page("\(Self.page)demo/__init__.py")
            #expect(lines.status == 200)
            #expect(lines.text.contains("@@ −7,7 +7,7 @@") && lines.text.contains("<tr class=\"added\" id=\"L10\">"))
            #expect(lines.text.contains("<td>−</td><td>line 10</td>") && lines.text.contains("<td>+</td><td>line &lt;ten&gt;</td>"))
            // Its folder has the version in its name.
            let metadata = try await site.page("\(Self.page)demo-1.1.dist-info/METADATA").text
            #expect(metadata.contains("<td>+</td><td>Version: 1.1</td>"))
            for path in ["demo/gone.py", "demo/new.py", "nothing", "%00", "..%2Fx"] {
                #expect(try await site.page("\(Self.page)\(path)").status == 404, "\(path)")
            }
            #expect(try await site.page("/project/demo/compare/1.1/1.1/").text.contains("the same inside"))
            let german = try await site.page(Self.page, ["Accept": "text/html", "Accept-Language": "de"]).text
            #expect(german.contains("Sehen Sie sich das zuerst an"))
        }
    }

    @Test func `each comparison has one address, the form leads to it, and what is not there is 404`() async throws {
        try await Site.run { site in
            for version in ["1.0", "1.1"] { try await site.publishMade("demo", version, []) }
            for (path, status, location) in [
                ("/project/Demo/compare/v1/1.1.0/?old=a&x=y", 404, nil), ("/project/Demo/compare/v1/1.1.0/", 301, Self.page),
                ("/project/demo/compare/1.0/v1.1/demo/a%20b.py", 301, "\(Self.page)demo/a%20b.py"),
                ("/project/demo/compare/?from=1.0&to=1.1", 303, Self.page), ("/project/demo/compare/?from=1.0", 303, "/project/demo/versions/"),
                ("/project/demo/compare/?from=..&to=..", 303, "/project/demo/versions/"),
                ("/project/demo/compare/?from=//evil.example&to=1", 303, "/project/demo/compare/%2F%2Fevil.example/1/"),
                ("/project/demo/compare/1.0/1.1", 301, Self.page),
            ] as [(String, Int, String?)] {
                let answer = try await site.page(path)
                #expect(answer.status == status && answer["Location"] == location, "\(path): \(answer.status) \(answer["Location"] ?? "")")
            }
            for path in [
                "/project/demo/compare/1.0/9/", "/project/demo/compare/9/1.0/", "/project/nothing/compare/1.0/1.1/", "/project/demo/compare/%00/1.1/",
                "\(Self.page)?old=nothing.whl", "\(Self.page)?new=%00",
            ] { #expect(try await site.page(path).status == 404, "\(path)") }
            let versions = try await site.page("/project/demo/versions/").text
            #expect(versions.contains("href=\"\(Self.page)\"") && versions.contains("action=\"/project/demo/compare/\""))
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter'")
            for path in [Self.page, "\(Self.page)demo/__init__.py"] { #expect(try await site.page(path).status == 404, "\(path)") }
        }
    }

    @Test func `the address may choose the files, of one kind`() async throws {
        try await Site.run { site in
            for version in ["1.0", "1.1"] {
                try await site.publishMade("demo", version, [("only.py", "wheel \(version)\n")])
                try await site.publish(.sdist("demo", version))
            }
            try await site.test.runJobs()
            #expect(try await site.page(Self.page).text.contains(">demo-1.0-py3-none-any.whl</a> and"))
            let sources = "?old=demo-1.0.tar.gz&new=demo-1.1.tar.gz"
            let page = try await site.page(Self.page + sources).text
            #expect(page.contains(">demo-1.0.tar.gz</a> and") && page.contains("<option selected>demo-1.1.tar.gz</option>"))
            // The choice stays with the links.
            let link = "\(Self.page)demo-1.1/PKG-INFO\(sources)"
            #expect(page.contains("href=\"\(link.replacing("&", with: "&amp;"))\""))
            #expect(try await site.page(link).text.contains("<td>+</td><td>Version: 1.1</td>"))
            #expect(try await site.page("\(Self.page)?old=demo-1.0.tar.gz").text.contains(">demo-1.1.tar.gz</a>"))
            #expect(try await site.page("\(Self.page)?old=demo-1.0.tar.gz&new=demo-1.1-py3-none-any.whl").status == 400)
        }
    }

    @Test func `what strangers wrote does nothing here either`() async throws {
        try await Site.run { site in
            let evil = "\"><script>alert(1)</script>"
            for (version, text) in [("1.0", "a"), ("1.1", "b")] {
                try await site.publish(
                    "demo",
                    version,
                    holding: [
                        ("demo/\(evil).py", "\(evil)\(text)\u{202E}\n"), ("../up.py", text), ("demo/data", text == "a" ? "\0" : "text"),
                        ("demo/\(text)\(evil)", text),
                        Self.info(version, "Requires-Dist: \(evil)\(text)\nRequires-Python: \(evil)\(text)\nLicense-File: \(evil)\(text)"),
                        ("demo-\(version).dist-info/WHEEL", "Generator: \(evil)\(text)\nTag: \(evil)\(text)\n"),
                        ("demo-\(version).dist-info/entry_points.txt", "[console_scripts]\n\(evil) = \(evil)\(text)\n"),
                    ]
                )
            }
            try await site.test.runJobs()
            let page = try await site.page(Self.page).text
            let links = page.split(separator: "href=\"").map { String($0.prefix { $0 != "\"" }) }.filter { $0.hasPrefix(Self.page) }
            #expect(links.contains { $0.contains("?member=../up.py") } && links.contains { $0.hasSuffix("demo/data") })
            for path in [Self.page] + links {
                let page = try await site.page(path.replacing("&amp;", with: "&"))
                #expect(page.status == 200, "\(path)")
                #expect(!page.text.contains("<script>") && !page.text.unicodeScalars.contains("\u{202E}"), "\(path)")
            }
            #expect(try await site.page("\(Self.page)demo/data").text.contains("This is no text in both releases"))
            #expect(try await site.page("\(Self.page)?member=../up.py").text.contains("<td>+</td><td>b</td>"))
        }
    }
}
