// What the index pages show of archived and quarantined projects and releases (index §0.9, §1.7), and of renamed ones.

import Backends
import Registry
import SQLDatabase
import TestSupport
import Testing

struct ProjectStatusTests {
    // index §0.9, §1.4
    @Test(arguments: [("archived", "archived"), ("archived-noindex", "archived"), ("quarantine-exit", "active")])
    func `an archived project stays listed and says so`(status: String, marker: String) async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.sql("UPDATE projects SET lifecycle_status = \(status)")
            #expect(try await site.client.get("/simple/").text.contains("href=\"/simple/demo/\""))
            let html = try await site.client.get("/simple/demo/").text
            #expect(html.contains("<meta name=\"pypi:project-status\" content=\"\(marker)\">"))
            #expect(html.contains("demo-1.0-py3-none-any.whl"))
            #expect(try await site.json("demo")["project-status"] as? [String: String] == ["status": marker])
        }
    }

    // index §1.7
    @Test func `a quarantined project is unlisted, its page empty, its files still there`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let link = try await site.link("demo")
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter'")
            #expect(try await site.client.get("/simple/").text == (try expected("simple/empty-index.html")))
            #expect(
                try await site.client.get("/simple/", ["Accept": v1JSON]).text == #"{"meta":{"_last-serial":4,"api-version":"1.4"},"projects":[]}"#
                    + "\n"
            )
            let page = try await site.client.get("/simple/demo/")
            #expect(page.status == 200)
            #expect(page.text == (try expected("simple/quarantined.html")))
            #expect(try await site.client.get("/simple/demo/", ["Accept": v1JSON]).text == (try expected("simple/quarantined.json")))
            #expect(try await site.client.get("/simple/Demo/").status == 301)
            #expect(try await site.client.get(link).status == 200)
        }
    }

    // index §1.7
    @Test func `a quarantined release vanishes, the rest stays`() async throws {
        try await Site.run { site in
            for version in ["1.0", "2.0", "3.0"] { try await site.publish(.wheel("demo", version)) }
            try await site.sql("UPDATE releases SET status = 'quarantine-enter' WHERE version = '2.0'")
            try await site.sql("UPDATE releases SET status = 'quarantine-exit' WHERE version = '3.0'")
            let page = try await site.json("demo")
            #expect(page["versions"] as? [String] == ["1.0", "3.0"])
            #expect(page["project-status"] as? [String: String] == ["status": "active"])
            #expect(try await site.files("demo").map { $0["filename"] as? String } == ["demo-1.0-py3-none-any.whl", "demo-3.0-py3-none-any.whl"])
            #expect(try await !site.client.get("/simple/demo/").text.contains("demo-2.0"))
            try await site.sql("UPDATE releases SET status = 'quarantine-enter'")
            #expect(try await site.json("demo")["versions"] as? [String] == [])
        }
    }

    // index §1.4, §1.5: the list shows the display name, the page the normalized one.
    @Test func `a new spelling shows in the list, the page keeps the normalized name`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("My.Project", "1.0"))
            #expect(try await site.client.get("/simple/").text.contains("<a href=\"/simple/my-project/\">My.Project</a>\n"))
            try await site.publish(.wheel("my_Project", "2.0"))
            #expect(try await site.client.get("/simple/").text.contains("<a href=\"/simple/my-project/\">my_Project</a>\n"))
            #expect(try await site.client.get("/simple/", ["Accept": v1JSON]).text.contains(#""name":"my_Project""#))
            #expect(try await site.client.get("/simple/my-project/").text.contains("<h1>Links for my-project</h1>"))
            #expect(try await site.json("my-project")["name"] as? String == "my-project")
        }
    }

    // index §1.4: with a public URL the links are absolute, and never made from what the client says its host is.
    @Test func `links use the public URL, never the Host header`() async throws {
        var settings = IndexSettings()
        settings.publicURL = "https://packages.example"
        try await Site.run(settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let html = try await site.client.exchange(
                Array("GET /simple/demo/ HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n\r\n".utf8)
            )[0].text
            #expect(html.contains("<a href=\"https://packages.example/packages/"))
            #expect(!html.contains("evil"))
            #expect((try await site.files("demo").first?["url"] as? String)?.hasPrefix("https://packages.example/packages/") == true)
        }
    }
}
