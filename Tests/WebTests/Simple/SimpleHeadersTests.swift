// Headers, redirects and errors of the index pages (index §0.2 to §0.4, §1.3, §1.6).

import Backends
import Distributions
import Registry
import SQLDatabase
import TestSupport
import Testing

struct SimpleHeadersTests {
    private static let cors = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Headers", "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since"),
        ("Access-Control-Allow-Methods", "GET"), ("Access-Control-Max-Age", "86400"), ("Access-Control-Expose-Headers", "X-PyPI-Last-Serial"),
    ]
    private static let sandbox = "default-src 'none'; sandbox allow-top-navigation"

    private func checkCORS(_ answer: RawResponse, sourceLocation: SourceLocation = #_sourceLocation) {
        for (name, value) in Self.cors { #expect(answer[name] == value, sourceLocation: sourceLocation) }
    }

    // index §1.3
    @Test func `index and project pages carry the headers of the table`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("Demo", "1.0"))
            for (target, accept, surrogate) in [
                ("/simple/", "text/html", 86400), ("/simple/", v1HTML, 86400), ("/simple/", v1JSON, 1800), ("/simple/demo/", "text/html", 86400),
                ("/simple/demo/", v1JSON, 86400),
            ] {
                let answer = try await site.client.get(target, ["Accept": accept])
                #expect(answer.statusLine == "HTTP/1.1 200 OK")
                #expect(answer["X-PyPI-Last-Serial"] == "4")
                #expect(answer["Cache-Control"] == "max-age=600, public")
                #expect(answer["Surrogate-Control"] == "max-age=\(surrogate), stale-while-revalidate=300, stale-if-error=86400")
                #expect(answer["Surrogate-Key"] == (target == "/simple/" ? "all-projects" : "project/demo"))
                #expect(answer["Vary"] == "Accept, Accept-Encoding")
                #expect(answer["Content-Security-Policy"] == Self.sandbox)
                #expect(answer["Referrer-Policy"] == "origin-when-cross-origin")
                #expect(answer["Content-Length"] == "\(answer.body.count)")
                #expect(answer["Set-Cookie"] == nil)
                checkCORS(answer)
            }
        }
    }

    // index §1.3
    @Test func `the serial grows with every publish, a project's only with its own`() async throws {
        try await Site.run { site in
            func serials() async throws -> [String?] {
                [try await site.client.get("/simple/")["X-PyPI-Last-Serial"], try await site.client.get("/simple/one/")["X-PyPI-Last-Serial"]]
            }
            try await site.publish(.wheel("one", "1.0"))
            #expect(try await serials() == ["4", "4"])
            try await site.publish(.sdist("one", "1.0"))
            #expect(try await serials() == ["5", "5"])
            try await site.publish(.wheel("two", "1.0"))
            #expect(try await serials() == ["9", "5"])
            try await site.publish(.wheel("one", "2.0"))
            #expect(try await serials() == ["11", "11"])
            // The very same file again changes nothing.
            try await site.publish(.wheel("one", "2.0"))
            #expect(try await serials() == ["11", "11"])
        }
    }

    // index §0.2 step 7
    @Test func `each encoding and format has an ETag of its own, and it gets 304`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            var tags: Set<String> = []
            for accept in ["text/html", v1JSON] {
                for encoding in ["identity", "gzip"] {
                    let first = try await site.client.get("/simple/demo/", ["Accept": accept, "Accept-Encoding": encoding])
                    let tag = try #require(first["ETag"])
                    #expect(tag.count == 24 && tag.hasPrefix("\"") && tag.hasSuffix("\""))
                    tags.insert(tag)
                    #expect((first["Content-Encoding"] == "gzip") == (encoding == "gzip"))
                    for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                        let again = try await site.client.get(
                            "/simple/demo/",
                            ["Accept": accept, "Accept-Encoding": encoding, "If-None-Match": known]
                        )
                        #expect(again.statusLine == "HTTP/1.1 304 Not Modified")
                        #expect(again["ETag"] == tag)
                        #expect(again["X-PyPI-Last-Serial"] == "4")
                        #expect(again["Vary"] == "Accept, Accept-Encoding")
                        #expect(again["Cache-Control"] == "max-age=600, public")
                        checkCORS(again)
                    }
                    let head = try await site.client.head("/simple/demo/", ["Accept": accept, "Accept-Encoding": encoding])
                    #expect(head["ETag"] == tag)
                    #expect(head["Content-Length"] == first["Content-Length"])
                }
            }
            #expect(tags.count == 4)
            let other = try await site.client.get("/simple/demo/", ["If-None-Match": "\"other\""])
            #expect(other.status == 200)
        }
    }

    // index §0.2 step 7
    @Test func `an ETag no longer holds once something was published`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let tag = try #require(try await site.client.get("/simple/demo/")["ETag"])
            try await site.publish(.wheel("demo", "2.0"))
            #expect(try await site.client.get("/simple/demo/", ["If-None-Match": tag]).status == 200)
        }
    }

    // index §0.2 step 8
    @Test func `gzip comes only when asked for, and is the same page`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let plain = try await site.client.get("/simple/demo/")
            #expect(plain["Content-Encoding"] == nil)
            for (accept, isCompressed) in [
                ("gzip", true), ("GZIP, deflate", true), ("gzip;q=0.5, br", true), ("*", true), ("gzip;q=0", false), ("identity", false),
                ("br", false),
                ("gzip;q=0.1, identity;q=0.5", false), ("*;q=0", false), ("", false),
            ] {
                let answer = try await site.client.get("/simple/demo/", ["Accept-Encoding": accept])
                #expect((answer["Content-Encoding"] == "gzip") == isCompressed, "\(accept)")
                if isCompressed {
                    #expect(Array(answer.body.prefix(2)) == [0x1F, 0x8B])
                    #expect(answer.body.count < plain.body.count)
                } else {
                    #expect(answer.body == plain.body)
                }
            }
        }
    }

    // index §0.2 step 3, §1.1
    @Test func `HEAD has the headers of GET and no body, OPTIONS is allowed`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            for target in ["/simple/", "/simple/demo/", "/simple/Demo/", "/simple/nothing/", "/", "/help/"] {
                let get = try await site.client.get(target)
                let head = try await site.client.head(target)
                #expect(head.statusLine == get.statusLine)
                #expect(head.body.isEmpty)
                for (name, value) in get.headers where !["date", "x-request-id"].contains(name.lowercased()) {
                    #expect(head[name] == get[name], "\(name): \(value) of \(target)")
                }
            }
            let options = try await site.client.send("OPTIONS", "/simple/")
            #expect(options.status == 200)
            checkCORS(options)
        }
    }

    // index §0.2 step 3
    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH"])
    func `other methods get 405 with the allowed ones by alphabet`(method: String) async throws {
        try await Site.run { site in
            for (target, allowed) in [("/simple/", "GET, HEAD, OPTIONS"), ("/simple/demo/", "GET, HEAD, OPTIONS"), ("/packages/ab/x", "GET, HEAD")] {
                let answer = try await site.client.send(method, target, body: [])
                #expect(answer.statusLine == "HTTP/1.1 405 Method Not Allowed")
                #expect(answer["Allow"] == allowed)
                #expect(answer["Content-Security-Policy"] == Self.sandbox)
            }
        }
    }

    // index §1.1, §0.4
    @Test func `a missing slash is a redirect that keeps the query`() async throws {
        try await Site.run { site in
            for (target, location) in [
                ("/simple", "/simple/"), ("/simple/demo", "/simple/demo/"), ("/simple/demo?a=b&c=%20", "/simple/demo/?a=b&c=%20"),
                ("/simple?x", "/simple/?x"),
                ("/help", "/help/"),
            ] {
                let answer = try await site.client.get(target)
                #expect(answer.status == 301)
                #expect(answer["Location"] == location)
            }
        }
    }

    // index §1.6
    @Test func `any other spelling of a name is a redirect with the query and CORS headers`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("Demo.Project", "1.0"))
            for name in ["Demo.Project", "DEMO-PROJECT", "demo_project", "demo--project", "demo._-project", "%44emo-project"] {
                let answer = try await site.client.get("/simple/\(name)/?a=b&c")
                #expect(answer.status == 301)
                #expect(answer["Location"] == "/simple/demo-project/?a=b&c")
                #expect(answer["Content-Security-Policy"] == Self.sandbox)
                checkCORS(answer)
            }
            #expect(try await site.client.get("/simple/Demo.Project/", ["Accept": v1JSON])["Location"] == "/simple/demo-project/")
        }
    }

    // index §0.4, §1.6
    @Test func `an unknown project is a plain 404 in whatever format was asked for`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            for target in [
                "/simple/nothing/", "/simple/Nothing.At-All/", "/simple/demo/1.0/", "/simple/demo%00x/", "/simple/%00/", "/simple/../",
                "/simple/%2e%2e/", "/simple/d%C3%A9mo/", "/simple/%20demo/", "/simple//", "/simple/demo%2F/",
            ] {
                for accept in ["text/html", v1JSON] {
                    let answer = try await site.client.get(target, ["Accept": accept])
                    #expect(answer.statusLine == "HTTP/1.1 404 Not Found", "\(target)")
                    #expect(answer["Content-Type"] == "text/plain; charset=UTF-8")
                    #expect(answer.text == "404 Not Found", "\(target)")
                    #expect(answer["Content-Security-Policy"] == Self.sandbox)
                    checkCORS(answer)
                }
            }
        }
    }

    // index §0.4
    @Test func `other unknown paths answer 404 in the shape of their kind`() async throws {
        try await Site.run { site in
            let json = try await site.client.get("/pypi/nothing/json")
            #expect(json.status == 404 && json["Content-Type"] == "application/json" && json.text == #"{"message": "Not Found"}"#)
            let page = try await site.client.get("/nothing")
            #expect(page.status == 404 && page["Content-Type"] == "text/html; charset=UTF-8")
            #expect(page["Content-Security-Policy"]?.contains("default-src 'none'") == true)
        }
    }

    // index §1.6: however the path is spelled.
    @Test func `a percent-encoded path to an index page is sandboxed too`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            for target in ["/%73imple/", "/simple%2Fdemo/", "/%73imple/demo/", "/simpl%65/nothing/"] {
                #expect(try await site.client.get(target)["Content-Security-Policy"] == Self.sandbox, "\(target)")
            }
        }
    }

    // index §0.2 step 10
    @Test func `a redirect never leaves the site or breaks a line`() async throws {
        try await Site.run { site in
            for target in [
                "/simple/%0d%0aX-Evil:%201", "/simple/\\\\evil.example", "/simple/%5c%5cevil.example", "//evil.example/simple",
                "/simple/a?b=%0d%0aX-Evil:1",
            ] {
                let answer = try await site.client.get(target)
                #expect(answer["X-Evil"] == nil)
                if let location = answer["Location"] { #expect(location.hasPrefix("/simple/") && !location.contains("\\"), "\(location)") }
            }
        }
    }

    // index §0.2 step 1
    @Test func `a path or query that is not UTF-8 is refused`() async throws {
        try await Site.run { site in
            for (target, word) in [("/simple/%ff/", "URL"), ("/simple/?x=%ff", "query string"), ("/%c3%28", "URL")] {
                let answer = try await site.client.get(target)
                #expect(answer.status == 400, "\(target)")
                #expect(answer.text.contains(word))
            }
            // A percent sign that begins nothing is itself, as browsers have it.
            #expect(try await site.client.get("/simple/%zz/").status == 404)
            #expect(try await site.client.get("/simple/100%/").status == 404)
        }
    }
}
