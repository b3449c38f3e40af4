// Feeds, sitemaps, and what programs look for at known places (index §5, platform §8.8).

import Foundation
import FoundationXML
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct FeedTests {
    /// Whether it is well-formed, and the text of each element of a name.
    private func texts(_ answer: RawResponse, _ element: String) throws -> [String] {
        final class Reader: NSObject, XMLParserDelegate {
            let element: String
            var texts: [String] = []
            var isInside = false

            init(_ element: String) { self.element = element }

            func parser(
                _ parser: XMLParser,
                didStartElement name: String,
                namespaceURI: String?,
                qualifiedName: String?,
                attributes: [String: String]
            ) {
                guard name == element else { return }
                isInside = true
                texts.append("")
            }

            func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
                if name == element { isInside = false }
            }

            func parser(_ parser: XMLParser, foundCharacters text: String) { if isInside { texts[texts.count - 1] += text } }
        }
        let reader = Reader(element)
        let parser = XMLParser(data: Data(answer.body))
        parser.delegate = reader
        #expect(parser.parse(), "\(answer.text)")
        return reader.texts
    }

    @Test func `what is new stands in feeds, the newest first`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("one", "1.0"))
            site.test.clock.advance(by: .seconds(60))
            try await site.publish(.wheel("Two", "1.0"))
            site.test.clock.advance(by: .seconds(60))
            try await site.publish(.wheel("one", "1.1"))
            try await site.sql(
                "UPDATE releases SET summary = \("<b>&\u{1}\u{0B}]]> ünïcode"), author_email = 'Ann <ann@example.org>' WHERE version = '1.1'"
            )
            let updates = try await site.client.get("/rss/updates.xml")
            #expect(updates.status == 200 && updates["Content-Type"]?.hasPrefix("text/xml") == true && updates["Access-Control-Allow-Origin"] == "*")
            #expect(try texts(updates, "title").dropFirst() == ["one 1.1", "Two 1.0", "one 1.0"])
            #expect(try texts(updates, "description")[1] == "<b>&]]> ünïcode")
            #expect(try texts(updates, "author") == ["ann@example.org"])
            #expect(try texts(updates, "link")[2].hasSuffix("/project/two/1.0/"))
            let packages = try await site.client.get("/rss/packages.xml")
            #expect(try texts(packages, "title").dropFirst().map { $0.prefix(3) } == ["Two", "one"])
            #expect(try texts(packages, "guid").count == 2)
            let releases = try await site.client.get("/rss/project/one/releases.xml")
            #expect(try texts(releases, "title").dropFirst() == ["1.1", "1.0"])
            #expect(try await site.client.get("/rss/project/nothing/releases.xml").status == 404)
            // Dropped with the publish, as every list of projects.
            try await site.publish(.wheel("three", "1.0"))
            #expect(try texts(try await site.client.get("/rss/updates.xml"), "title").contains("three 1.0"))
        }
    }

    @Test func `sitemaps list what is two weeks old`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            func pages() async throws -> Set<String> {
                var pages: Set<String> = []
                for part in try texts(try await site.client.get("/sitemap.xml"), "loc") {
                    let path = String(part.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
                    for page in try texts(try await site.client.get(path), "loc") {
                        pages.insert(page.split(separator: "/").suffix(2).joined(separator: "/"))
                    }
                }
                return pages
            }
            #expect(try await pages().isEmpty)
            site.test.clock.advance(by: .seconds(15 * 86400))
            #expect(try await pages() == ["project/demo", "user/alice"])
            // The next range of ids is another part.
            try await site.sql(
                "INSERT INTO projects (id, uuid, name, normalized_name, ultranormalized_name, created_at) VALUES (50000, 'u', 'far', 'far', 'far', 1)"
            )
            #expect(try await pages() == ["project/demo", "project/far", "user/alice"])
            #expect(try texts(try await site.client.get("/sitemap.xml"), "loc").count == 3)
            for part in ["zz.xml", "projects-.xml", "projects--1.xml", "users-99999999999999999999.xml", "projects-0", "x"] {
                #expect(try await site.client.get("/sitemap/\(part)").status == 404, "\(part)")
            }
        }
    }

    @Test func `search engines are told where to look, and on another host nowhere`() async throws {
        var settings = IndexSettings()
        settings.publicURL = "https://packages.example"
        settings.securityContact = "mailto:security@example.org"
        try await Site.run(settings) { site in
            func robots(_ host: String) async throws -> String {
                let head = "GET /robots.txt HTTP/1.1\r\nHost: \(host)\r\n\r\n"
                return try await site.client.exchange(Array(head.utf8))[0].text
            }
            #expect(try await robots("packages.example").contains("Disallow: /simple/\n"))
            #expect(try await robots("files.example").hasSuffix("Disallow: /\n"))
            #expect(try await robots("packages.example").hasPrefix("Sitemap: https://packages.example/sitemap.xml\n"))
            let security = try await site.client.get("/.well-known/security.txt").text
            #expect(
                security.contains("Contact: mailto:security@example.org\n")
                    && security.contains("Canonical: https://packages.example/.well-known/security.txt")
            )
            let search = try await site.client.get("/opensearch.xml")
            #expect(try texts(search, "ShortName") == ["packages.example"])
        }
    }

    // index §3.8
    @Test func `addresses of long ago lead to where things are`() async throws {
        try await Site.run { site in
            for (path, location) in [
                ("/pypi/", "/"), ("/pypi/demo/", "/project/demo/"), ("/pypi/demo/1.0/", "/project/demo/1.0/"), ("/p/demo/", "/project/demo/"),
                ("/p/demo/1.0/", "/project/demo/1.0/"), ("/2fa/", "/manage/account/two-factor/"), ("/pypi?:action=rss", "/rss/updates.xml"),
                ("/pypi?:action=packages_rss", "/rss/packages.xml"), ("/pypi?:action=search&term=a%20b%26c", "/search/?q=a%20b%26c"),
                ("/pypi?:action=display&name=demo", "/project/demo/"), ("/pypi?:action=display&name=demo&version=1", "/project/demo/1/"),
                ("/pypi?:action=files&name=demo&version=1", "/project/demo/1/"),
                ("/pypi?:action=display&name=/evil.example", "/project//evil.example/"),
            ] {
                let answer = try await site.client.get(path)
                #expect(answer.status == 301 && answer["Location"] == location, "\(path): \(answer.status) \(answer["Location"] ?? "")")
            }
            for path in ["/pypi?:action=display", "/pypi?:action=nothing", "/pypi?:action=files&name=x"] {
                #expect(try await site.client.get(path).status == 404)
            }
            for path in ["/pypi?:action=doap", "/pypi?:action=file_upload"] { #expect(try await site.client.get(path).status == 410) }
            let classifiers = try await site.client.get("/pypi?:action=list_classifiers").text
            #expect(classifiers.split(separator: "\n").count > 700 && classifiers.hasPrefix("Development Status :: 1 - Planning\n"))
        }
    }
}
