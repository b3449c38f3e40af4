// What deploy/varnish.vcl keeps, and what it leaves to the index.

import Backends
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct VarnishRulesTests {
    private static let json = "application/vnd.pypi.simple.v1+json"
    private static let v1HTML = "application/vnd.pypi.simple.v1+html"

    private func answers(of under: CDNUnderTest, _ accepts: [String]) async throws -> Set<String> {
        var answers: Set<String> = []
        for accept in accepts { answers.insert(try await under.server.client.get("/simple/apple/", ["Accept": accept]).text) }
        return answers
    }

    @Test func `each format is stored once, however it is asked for`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            let spellings: [(format: String, accepts: [String])] = [
                (
                    "text/html",
                    [
                        "*/*", "text/html", "TEXT/HTML", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html, \(Self.json)",
                        "\(Self.json), \(Self.v1HTML), text/html", "image/png , text/html",
                    ]
                ),
                (
                    Self.json,
                    [
                        Self.json, "\(Self.json), \(Self.v1HTML); q=0.1, text/html; q=0.01", "\(Self.json), \(Self.v1HTML);q=0.2, text/html;q=0.01",
                        "text/html;q=0.5,\(Self.json.uppercased()),*/*;q=0.001",
                    ]
                ),
                (Self.v1HTML, [Self.v1HTML, "\(Self.v1HTML), \(Self.json)", "\(Self.v1HTML) , text/html;q=0.999"]),
            ]
            for (format, accepts) in spellings {
                let before = under.origin.requests.count
                #expect(try await answers(of: under, accepts).count == 1, "\(format)")
                #expect(under.origin.requests.count == before + 1, "\(format)")
                #expect(under.origin.requests.last?.headers["accept"] == format)
            }
            // Without a header at all.
            let before = under.origin.requests.count
            _ = try await under.server.client.get("/simple/apple/")
            #expect(under.origin.requests.count == before)
        }
    }

    // What the index decides is not what an expression could.
    @Test(arguments: [
        "application/vnd.pypi.simple.v1+json, */*", "application/*", "text/*", "application/vnd.pypi.simple.v1+json;q=0.5, text/html;q=0.4",
        "application/vnd.pypi.simple.v1+json, text/html;q=1", "application/vnd.pypi.simple.v1+json;version=1", "text/html;level=1, text/plain",
        "image/png", "nonsense", "application/vnd.pypi.simple.v1+json, \"", "*/html", "",
    ])
    func `what is not clear goes to the index as it is and is not kept`(accept: String) async throws {
        try await CDNUnderTest.run(.varnish) { under in
            for round in 1...2 {
                _ = try await under.server.client.get("/simple/apple/", ["Accept": accept])
                #expect(under.origin.requests.count == round)
                #expect(under.origin.requests.last?.headers["accept"] == accept)
            }
        }
    }

    @Test func `gzip and plain readers share one page`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            for encoding in ["gzip", "identity", "gzip, deflate, br, zstd", "br", ""] {
                let page = try await under.server.client.get("/simple/apple/", ["Accept-Encoding": encoding])
                #expect(page.status == 200)
            }
            #expect(under.origin.requests.count == 1)
            #expect(under.origin.requests.first?.headers["accept-encoding"] == "gzip")
        }
    }

    @Test func `what is for the cache is not told to readers`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            for _ in 0..<2 {
                let page = try await under.server.client.get("/simple/apple/")
                for name in page.headers.map({ $0.name.lowercased() }) {
                    #expect(!name.hasPrefix("surrogate-") && name != "xkey" && !name.hasPrefix("x-emporium-"))
                }
            }
        }
    }

    @Test func `what is personal, changes something or is no page is passed`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            let client = under.server.client
            var count = 0
            for round in 1...2 {
                _ = try await client.get("/simple/apple/", ["Authorization": "Bearer x"])
                _ = try await client.send("POST", "/simple/apple/", body: [])
                _ = try await client.send("DELETE", "/simple/apple/")
                for path in ["/", "/packages/ab/cd/x.whl", "/legacy/", "/account/login/", "/admin/", "/_/oidc/mint-token", "/_health/", "/simpler/"] {
                    _ = try await client.get(path)
                }
                count += 11
                #expect(under.origin.requests.count == count, "round \(round)")
            }
            // Nor is what an authorized reader got given to others.
            #expect(try await client.get("/simple/apple/")["X-Cache"] == "MISS")
            // A cookie makes no difference.
            let page = try await client.get("/simple/apple/", ["Cookie": "session_id=1"])
            #expect(page["X-Cache"] == "HIT")
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nX-No: surrogate control", "HTTP/1.1 404 Not Found\r\nVary: Accept", "HTTP/1.1 301 Moved\r\nLocation: /simple/apple/",
        "HTTP/1.1 200 OK\r\nSurrogate-Control: max-age=60\r\nSet-Cookie: a=b", "HTTP/1.1 200 OK\r\nSurrogate-Control: max-age=60\r\nVary: Cookie",
        "HTTP/1.1 500 Broken\r\nSurrogate-Control: max-age=60",
    ])
    func `what the index does not call cacheable is not kept`(head: String) async throws {
        try await CDNUnderTest.run(.varnish) { under in
            under.origin.answer { _, _ in (head, "x") }
            for _ in 0..<3 { _ = try await under.server.client.get("/simple/apple/") }
            #expect(under.origin.requests.count == 3)
        }
    }

    @Test func `a page too old to be shown while it is fetched is shown when the fetch fails`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            let isBroken = Flag()
            under.origin.answer { request, count in
                isBroken.isSet
                    ? ("HTTP/1.1 503 Unavailable", "broken")
                    : (
                        "HTTP/1.1 200 OK\r\nSurrogate-Key: project/apple\r\nSurrogate-Control: max-age=86400, stale-while-revalidate=0, stale-if-error=86400",
                        "\(count)"
                    )
            }
            try await under.waitForGeneration("1", of: "apple")
            try await under.cdn.purge(["project/apple"])
            // Nothing stale to anybody, for the index answers.
            #expect(try await under.generation(of: "apple") == "2")
            try await under.cdn.purge(["project/apple"])
            isBroken.set(true)
            for _ in 0..<3 { #expect(try await under.generation(of: "apple") == "2") }
            under.origin.setDown(true)
            for _ in 0..<3 { #expect(try await under.generation(of: "apple") == "2") }
            under.origin.setDown(false)
            isBroken.set(false)
            try await waitUntil("a new page") { try await under.generation(of: "apple") != "2" }
            // What was never there can not be shown.
            isBroken.set(true)
            #expect(try await under.server.client.get("/simple/pear/").status == 503)
        }
    }

    @Test func `a reader can not play with what the rules note`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            under.origin.setDown(true)
            let page = try await under.server.client.get(
                "/simple/apple/",
                ["X-Emporium-Kept": "yes", "X-Emporium-Round": "fresh", "X-Emporium-Accept": "x"]
            )
            #expect(page.status == 503)
            under.origin.setDown(false)
            _ = try await under.server.client.get("/legacy/", ["X-Purge-Key": "right-key", "xkey-softpurge": "all-projects"])
            #expect(under.origin.requests.last?.headers["x-purge-key"] == nil)
        }
    }

    @Test func `a purge says what it wants and proves who it is`() async throws {
        try await CDNUnderTest.run(.varnish) { under in
            try await under.waitForGeneration("1", of: "apple")
            let client = under.server.client
            #expect(try await client.send("PURGE", "/", headers: ["xkey-softpurge": "all-projects"]).status == 401)
            #expect(try await client.send("PURGE", "/", headers: ["xkey-softpurge": "all-projects", "X-Purge-Key": ""]).status == 401)
            #expect(try await client.send("PURGE", "/", headers: ["X-Purge-Key": "right-key"]).status == 400)
            let purged = try await client.send("PURGE", "/", headers: ["xkey-softpurge": "project/apple project/pear", "X-Purge-Key": "right-key"])
            #expect(purged.status == 200 && purged["X-Purged"] == "1")
        }
    }
}
