// The site below a path of its host.

import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing

@testable import Web

@Suite struct RootRelativeLinksTests {
    private func prefixed(_ html: String) -> String {
        String(decoding: RootRelativeLinks.prefixed(Array(html.utf8), with: Array("/at".utf8)), as: UTF8.self)
    }

    @Test func `links, forms, pictures and what the script asks for get the prefix`() {
        #expect(prefixed(#"<a class="x" href="/help/">/help/</a>"#) == #"<a class="x" href="/at/help/">/help/</a>"#)
        #expect(
            prefixed(#"<form method="post" action="/a/"><img src="/static/x.png" alt="/b">"#)
                == #"<form method="post" action="/at/a/"><img src="/at/static/x.png" alt="/b">"#
        )
        #expect(prefixed(#"<form data-options="/o" data-names="/n">"#) == #"<form data-options="/at/o" data-names="/at/n">"#)
        #expect(prefixed(#"<a href="/">"#) == #"<a href="/at/">"#)
    }

    @Test func `other hosts, fragments, relative paths, text and other attributes stay as they are`() {
        for html in [
            #"<a href="https://example.org/x">"#, #"<a href="//example.org/x">"#, ##"<a href="#top">"##, #"<a href="../x">"#, #"<a href="">"#,
            #"<p>href="/x" is text</p>"#, #"<input value="/x" name="next">"#, #"<a title=" href=">" rel="/x">"#, #"<a xhref="/x">"#,
        ] { #expect(prefixed(html) == html) }
    }

    @Test func `a value that holds what looks like an attribute, or a bracket, is one value`() {
        let html = #"<a title="> href=" href="/x">"#
        #expect(prefixed(html) == #"<a title="> href=" href="/at/x">"#)
        #expect(prefixed(#"<a href="/unfinished"#) == #"<a href="/at/unfinished"#)
    }
}

@Suite struct MountPathTests {
    static let base = "http://127.0.0.1/pypi-proxy"

    private static var settings: IndexSettings {
        var settings = IndexSettings()
        settings.publicURL = base
        settings.limitsRates = false
        settings.isRegistrationOpen = true
        return settings
    }

    @Test func `the path is taken off where it ends, and only there`() {
        let mount = MountPath(Links(settings: Self.settings))
        #expect(mount.path == "/pypi-proxy")
        #expect(mount.stripped(from: "/pypi-proxy/simple/?x=1") == "/simple/?x=1")
        #expect(mount.stripped(from: "/pypi-proxy") == "/")
        #expect(mount.stripped(from: "/pypi-proxy?x") == "/?x")
        #expect(mount.stripped(from: "/pypi-proxyish/") == "/pypi-proxyish/")
        #expect(mount.stripped(from: "/simple/") == "/simple/")
        #expect(MountPath(Links(settings: IndexSettings())).stripped(from: "/simple/") == "/simple/")
    }

    /// Every link, form, asset and redirect of an answer that leads to this host.
    private func addresses(in answer: RawResponse) -> [String] {
        var found: [String] = []
        if let location = answer["Location"] { found.append(location) }
        if answer["Content-Type"]?.hasPrefix("text/html") == true {
            found += answer.text.matches(of: /<[^>]* (?:href|src|action|data-options|data-names)="([^"]*)"/).map { String($0.output.1) }
            // Several in one tag.
            for tag in answer.text.matches(of: /<form [^>]*>/) {
                found += String(tag.output).matches(of: /(?:action|data-options)="([^"]*)"/).map { String($0.output.1) }
            }
        } else {
            found += answer.text.matches(of: /http:\/\/127\.0\.0\.1[^\s"'<>\\)]*/).map { String($0.output) }
        }
        return found.map { $0.hasPrefix("http://127.0.0.1/") ? String($0.dropFirst("http://127.0.0.1".count)) : $0 }.filter { $0.hasPrefix("/") }
            .map { $0.replacing("&amp;", with: "&") }
    }

    /// A path for each route that can be read.
    private func targets(_ site: Site) async throws -> [String] {
        let file = try await site.test.db.query("SELECT path FROM files ORDER BY id")[0]["path", as: String.self]
        return Routes.all.filter { $0.methods.contains(.get) }.map { route in
            var path = route.pattern
            for (name, value) in [
                ("/packages/{path...}", "/packages/\(file)"), ("{path...}", "emporium.css"), ("{name}", "demo"), ("{username}", "alice"),
                ("{version}", "1.0"),
                ("{part}", "projects-0.xml"), ("{filename}", "demo-1.0-py3-none-any.whl"), ("{member...}", "demo/__init__.py"), ("{from}", "1.0"),
                ("{to}", "1.1"), ("{status}", "404"),
            ] { path = path.replacing(name, with: value) }
            return path
        } + ["/simple", "/simple/Demo/", "/nothing/here/", "/search/?q=demo", "/project/nothing-like-it/", "/user/nobody/", "/pypi/Demo/json"]
    }

    // Both ways of a proxy: it leaves the path on (`/pypi-proxy/simple/`), or it strips it (`/simple/`).
    @Test(arguments: ["/pypi-proxy", ""])
    func `no link, form, redirect or document leads out of the path`(_ left: String) async throws {
        try await Site.runForPeople(Self.settings) { site, stranger in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("demo", "1.1"))
            try await site.publish(.wheel("other", "1.0"))
            try await site.test.runJobs()
            let owner = Browser(site.client)
            try await owner.get("\(left)/account/login/")
            let login = try await owner.submit("\(left)/account/login/", ["username": "alice", "password": Site.password])
            #expect(login["Location"] == "/pypi-proxy/manage/account/")
            #expect(login["Set-Cookie"]?.contains("; Path=/pypi-proxy/;") == true)
            var seen: Set<String> = []
            for browser in [stranger, owner] {
                for target in try await targets(site) {
                    let answer = try await browser.get(left + target)
                    for address in addresses(in: answer) {
                        #expect(address == "/pypi-proxy" || address.hasPrefix("/pypi-proxy/"), "\(target) leads to \(address)")
                        #expect(!address.hasPrefix("/pypi-proxy/pypi-proxy"), "\(target) leads to \(address)")
                        seen.insert(String(address.prefix { $0 != "#" }))
                    }
                }
            }
            #expect(seen.count > 60)
            // Each of them is there, as the outside asks for it.
            for address in seen.sorted() where !address.contains("{") && !address.contains("NAME") && !address.contains("logout") {
                let path = left.isEmpty ? String(address.dropFirst("/pypi-proxy".count)) : address
                let answer = try await owner.get(path.isEmpty ? "/" : path)
                // Forms answer a GET with 405; pages of a release without a description and the like are their own.
                #expect(answer.status < 400 || answer.status == 405 || answer.status == 400, "\(address): \(answer.status)")
            }
        }
    }

    @Test func `kept pages are sent from memory with the path on and off, and downloads are counted under one path`() async throws {
        try await Site.run(Self.settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let bare = try await site.client.get("/simple/demo/")
            let mounted = try await site.client.get("/pypi-proxy/simple/demo/")
            #expect(bare.status == 200 && mounted.status == 200 && bare.body == mounted.body)
            #expect(bare.text.contains(#"href="http://127.0.0.1/pypi-proxy/packages/"#))
            let list = try await site.client.get("/pypi-proxy/simple/")
            #expect(list.text.contains(#"<a href="/pypi-proxy/simple/demo/">demo</a>"#))
        }
    }

    @Test func `a form sent below the path ends there, and the way after a login leads back to it`() async throws {
        try await Site.runForPeople(Self.settings) { site, browser in
            let asked = try await browser.get("/pypi-proxy/manage/account/token/")
            #expect(asked["Location"] == "/pypi-proxy/account/login/?next=/manage/account/token/")
            let answer = try await browser.logIn("alice", Site.password, next: "/manage/account/token/")
            #expect(answer["Location"] == "/pypi-proxy/manage/account/token/")
            let language = try await browser.get("/pypi-proxy/locale/?locale_id=de", referer: "http://127.0.0.1/pypi-proxy/help/")
            #expect(language["Location"] == "/pypi-proxy/help/")
            #expect(try await site.client.get("/pypi-proxy/api/v1/openapi.json").text.contains(#""servers": [{"url": "/pypi-proxy/"}]"#))
            #expect(try await site.client.get("/robots.txt").text.contains("Disallow: /pypi-proxy/simple/"))
        }
    }
}
