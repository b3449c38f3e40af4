// Under which names a site answers, and what reads a head in two ways.

import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing

@testable import Web

@Suite struct HostTests {
    private static var web: WebSettings {
        var web = WebSettings()
        web.hosts = HostRule(publicURL: "http://packages.example.org/x", others: ["old.example.org:8080"])
        return web
    }

    private func get(_ path: String, host: String, _ site: Site, more: String = "X-Forwarded-For: 192.0.2.1\r\n") async throws -> RawResponse {
        try await site.client.exchange(Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(more)\r\n".utf8))[0]
    }

    // Finding 15: a site that did not check Host let other sites' pages read it, and took forms from any origin that Host agreed with.
    @Test func `a site that knows its name answers no other, from memory neither`() async throws {
        try await Site.run(web: Self.web) { site in
            try await site.publish(.wheel("demo", "1.0"))
            for _ in 0..<2 {
                for host in ["packages.example.org", "PACKAGES.example.org:8443", "old.example.org"] {
                    #expect(try await get("/simple/demo/", host: host, site).status == 200, "\(host)")
                }
                for host in ["evil.example", "packages.example.org.evil.example", "example.org", "packages.example.org@evil.example", "", "127.0.0.1"] {
                    for path in ["/simple/demo/", "/", "/account/login/", "/metrics"] {
                        #expect(try await get(path, host: host, site).status == 421, "\(host)\(path)")
                    }
                    for path in ["/_health/", "/_ready/"] { #expect(try await get(path, host: host, site).status == 200, "\(host)\(path)") }
                }
            }
            // From the machine itself, and not through a proxy.
            #expect(try await get("/metrics", host: "127.0.0.1:8080", site, more: "").status == 200)
            #expect(try await get("/metrics", host: "evil.example", site, more: "").status == 421)
        }
    }

    @Test func `loopback pages answer to names that only this machine has`() async throws {
        try await Site.run { site in
            for host in ["localhost", "localhost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:8080", "a.localhost"] {
                let answer = try await get("/metrics", host: host, site, more: "")
                #expect(answer.status == 200, "\(host)")
            }
            for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "128.0.0.1", "127.0.0", "[::2]"] {
                let answer = try await get("/metrics", host: host, site, more: "")
                #expect(answer.status != 200, "\(host)")
            }
        }
    }

    @Test func `forms are taken from the site's own origins alone`() async throws {
        var settings = IndexSettings()
        settings.publicURL = "http://packages.example.org"
        try await Site.runForPeople(settings, web: Self.web) { site, _ in
            for (origin, expected) in [
                ("http://packages.example.org", 422), ("http://evil.example", 403), ("http://127.0.0.1", 403), ("https://packages.example.org", 403),
                ("null", 403),
            ] {
                let page = try await get("/account/login/", host: "packages.example.org", site)
                let cookie = try #require(page["Set-Cookie"]).prefix { $0 != ";" }
                let token = try #require(page.text.firstMatch(of: /name="csrf_token" value="([^"]*)"/)).output.1
                let body = "csrf_token=\(token)&username=alice&password=wrong"
                let answer = try await site.client.exchange(
                    Array(
                        "POST /account/login/ HTTP/1.1\r\nHost: packages.example.org\r\nCookie: \(cookie)\r\nOrigin: \(origin)\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                            .utf8
                    )
                )[0]
                #expect(answer.status == expected, "\(origin): \(answer.statusLine)")
            }
        }
    }

    // Finding 18.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\nAccept: */*\r\n\r\n",
        "POST /legacy/ HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /simple/ HTTP/1.1\r\nAccept: text/html\r\n\r\n",
    ])
    func `a head that two readers may read differently is refused, and the connection ends`(head: String) async throws {
        try await Site.run { site in
            let answer = try await site.client.exchange(Array(head.utf8))[0]
            #expect(answer.status == 400, "\(answer.statusLine)")
            #expect(answer["Connection"] == "close")
            #expect(try await site.client.get("/_health/").status == 200)
        }
    }

    @Test func `HTTP/1.0 needs no Host`() async throws {
        try await Site.run { site in
            let answers = try await site.client.exchange(Array("GET /_health/ HTTP/1.0\r\n\r\n".utf8))
            #expect(answers[0].status == 200)
        }
    }

    // Finding 16.
    @Test func `where the site speaks HTTPS no password travels in the clear, cookies stay on HTTPS, and browsers remember it`() async throws {
        var web = WebSettings()
        web.requiresHTTPS = true
        web.trustedProxies = 1
        try await Site.runForPeople(web: web) { site, _ in
            let plain = try await get("/account/login/", host: "127.0.0.1", site, more: "")
            #expect(plain.status == 403 && plain["Set-Cookie"] == nil)
            for route in Routes.all where route.csrf == .form {
                let answer = try await site.client.send("POST", route.pattern, headers: [:], body: [])
                #expect(answer.status == 403 && answer.text.contains("SSL is required"), "\(route.pattern)")
            }
            let secure = try await get("/account/login/", host: "127.0.0.1", site, more: "X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n")
            #expect(secure.status == 200)
            #expect(secure["Set-Cookie"]?.contains("; Secure") == true)
            for path in ["/", "/simple/", "/help/"] {
                for _ in 0..<2 { #expect(try await site.client.get(path)["Strict-Transport-Security"] == "max-age=31536000", "\(path)") }
            }
        }
    }
}

@Suite struct TrustedProxiesTests {
    private func address(_ name: String, _ value: String, count: Int = 1) -> String? {
        TrustedProxies(count: count).client(of: [HTTPField.Name(name)!: value], peer: "10.0.0.1").address
    }

    // Finding 12: with a port behind it, each request came from an address of its own, and no limit held.
    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7"), ("198.51.100.7:40001", "198.51.100.7"), ("2001:db8::1", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:DB8:0:0::1]:443", "2001:db8::1"), ("::ffff:198.51.100.7", "198.51.100.7"), ("[::ffff:198.51.100.7]:1", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::1"), ("\"198.51.100.7:1\"", "198.51.100.7"), ("unknown", "10.0.0.1"), ("_hidden", "10.0.0.1"),
        ("garbage", "10.0.0.1"),
        ("198.51.100.7:", "10.0.0.1"), ("198.51.100.7:x", "10.0.0.1"), ("198.51.100.7:123456", "10.0.0.1"), ("[198.51.100.7]", "10.0.0.1"),
        ("[2001:db8::1", "10.0.0.1"), ("198.51.100.256", "10.0.0.1"), ("", "10.0.0.1"), ("1.2.3.4.5", "10.0.0.1"), ("\u{0}", "10.0.0.1"),
    ])
    func `an address in X-Forwarded-For is one address in every spelling, and anything else counts as the peer`(value: String, expected: String) {
        #expect(address("X-Forwarded-For", value) == expected)
        #expect(address("X-Forwarded-For", "203.0.113.1, \(value)") == expected)
        #expect(address("X-Forwarded-For", "\(value), 203.0.113.1", count: 2) == expected)
    }

    @Test(arguments: [
        ("for=192.0.2.60;proto=https;by=203.0.113.43", "192.0.2.60"), ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"), ("for=\"192.0.2.43:1, 2\";x=\"a\\\"b,c\"", "10.0.0.1"), ("for=unknown", "10.0.0.1"),
        ("for=\"_gazonk\"", "10.0.0.1"), ("proto=https", "10.0.0.1"), ("for", "10.0.0.1"), ("for=\"unfinished", "10.0.0.1"),
    ])
    func `Forwarded is read as its RFC says`(value: String, expected: String) {
        #expect(address("Forwarded", value) == expected)
    }

    @Test func `the scheme comes from either header, and neither counts where no proxy is trusted`() {
        func client(_ headers: HTTPFields, count: Int = 1) -> TrustedProxies.Client {
            TrustedProxies(count: count).client(of: headers, peer: "10.0.0.1")
        }
        let forwarded = HTTPField.Name("Forwarded")!
        #expect(client([forwarded: "for=192.0.2.1;proto=https"]).isSecure)
        #expect(client([HTTPField.Name("X-Forwarded-Proto")!: "HTTPS"]).isSecure)
        #expect(!client([forwarded: "for=192.0.2.1;proto=http"]).isSecure)
        let untrusted = client([forwarded: "for=192.0.2.1;proto=https"], count: 0)
        #expect(!untrusted.isSecure && untrusted.address == "10.0.0.1")
    }
}
