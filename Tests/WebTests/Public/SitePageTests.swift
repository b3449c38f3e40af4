// The pages of the site that are no project's (platform §11.2).

import Foundation
import Markup
import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

struct SitePageTests {
    private func read(_ site: Site, _ path: String, accept: String = "text/html") async throws -> RawResponse {
        try await site.client.get(path, ["Accept": accept])
    }

    @Test func `the front page says what the index holds and what is new`() async throws {
        try await Site.run { site in
            #expect(try await read(site, "/").text.contains("is empty yet"))
            try await site.publish(.wheel("demo", "1.0"))
            let page = try await read(site, "/").text
            #expect(page.contains("1 project<") && page.contains("1 release<") && page.contains("1 file<") && page.contains("1 user<"))
            #expect(page.contains("/project/demo/") && page.contains("role=\"search\""))
        }
    }

    // index §3.4
    @Test func `statistics are a page, or JSON for who asks for it`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("Demo", "1.0"))
            #expect(try await read(site, "/stats/").text.contains("href=\"/project/demo/\""))
            let json = try await read(site, "/stats/", accept: "application/json")
            let size: Int64 = try await site.test.db.query("SELECT total_size FROM projects")[0][at: 0]
            #expect(json.text == "{\"top_packages\":{\"Demo\":{\"size\":\(size)}},\"total_packages_size\":\(size)}\n")
            #expect(json["Content-Type"] == "application/json" && json["Cache-Control"] == "max-age=86400, public")
            #expect(json["Vary"]?.contains("Accept") == true)
        }
    }

    @Test func `every classifier that may be used is listed, with a search for it`() async throws {
        try await Site.run { site in
            let page = try await read(site, "/classifiers/").text
            for classifier in site.test.index.identifiers.latest.classifiers.all.prefix(2000) {
                let isListed = page.contains(">\(HTML(escaping: classifier).description)</a>")
                #expect(isListed, "\(classifier)")
            }
        }
    }

    @Test func `a CDN can fetch the page of an error, of one that there is`() async throws {
        try await Site.run { site in
            for status in [400, 403, 404, 500, 503] {
                let page = try await read(site, "/_force-status/\(status)/")
                #expect(page.status == status && page.text.contains("<html"), "\(status)")
            }
            for text in ["200", "418", "999", "abc", "5000", "-1"] {
                #expect(try await read(site, "/_force-status/\(text)/").status == 404, "\(text)")
            }
        }
    }

    @Test func `contact and funding are told where the operator named them`() async throws {
        var settings = IndexSettings()
        settings.securityContact = "mailto:security@example.org"
        settings.fundingManifest = "https://funding.example/funding.json"
        try await Site.run(settings) { site in
            #expect(try await read(site, "/security/").text.contains("href=\"mailto:security@example.org\""))
            let funding = try await read(site, "/.well-known/funding-manifest-urls")
            #expect(funding.text == "https://funding.example/funding.json\n" && funding["Content-Type"] == "text/plain; charset=UTF-8")
        }
        try await Site.run { site in
            let page = try await read(site, "/security/").text
            #expect(page.contains("named no address"))
            #expect(try await read(site, "/.well-known/funding-manifest-urls").status == 404)
        }
    }
}
