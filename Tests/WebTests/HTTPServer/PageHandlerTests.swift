import Distributions
import Foundation
import Registry
import TestSupport
import Testing
import Web

/// Pages that are answered before the decoder, and the requests that are not.
struct PageHandlerTests {
    /// The same request in two reads: the decoder has to put it together, so that the framework answers.
    private func theOrdinaryWay(_ client: WebClient, _ method: String, _ target: String, _ headers: KeyValuePairs<String, String>) async throws
        -> RawResponse
    {
        let bytes = WebClient.head(method, target, headers)
        return try await client.withConnection { connection in
            connection.send(Array(bytes.prefix(10)))
            usleep(30_000)
            connection.send(Array(bytes.dropFirst(10)))
            return try connection.receive(isHead: method == "HEAD")
        }
    }

    private func isOwn(_ name: String) -> Bool { ["date", "x-request-id"].contains(name.lowercased()) }

    private func hits(_ client: WebClient) async throws -> Int {
        let line = try await client.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix("emporium_page_cache_hits_total ") }
        return Int(try #require(line?.split(separator: " ").last)) ?? -1
    }

    @Test func `a page from memory is the framework's page, header by header and byte by byte`() async throws {
        try await Site.run { site in
            for version in 0..<30 { try await site.publish(.wheel("demo", "1.\(version)")) }
            let tag = try #require(try await site.client.get("/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip"])["ETag"])
            let requests: [(String, String, KeyValuePairs<String, String>)] = [
                ("GET", "/simple/demo/", [:]),
                ("GET", "/simple/demo/", ["Accept": v1JSON]),
                ("GET", "/simple/demo/", ["Accept": v1HTML, "Accept-Encoding": "gzip"]),
                ("GET", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "zstd"]),
                ("HEAD", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip"]),
                ("GET", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip", "If-None-Match": tag]),
                ("GET", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip", "If-None-Match": "\"other\""]),
                ("GET", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip", "If-None-Match": "\"other\", \(tag)"]),
                ("GET", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip", "If-None-Match": "W/\(tag)"]),
                ("GET", "/simple/demo/", ["Accept": v1JSON, "Accept-Encoding": "gzip", "If-None-Match": "*"]),
                ("GET", "/simple/", ["Accept": v1JSON, "Accept-Encoding": "gzip"]),
                ("GET", "/simple/Demo/", [:]),
                ("GET", "/simple/nothing/", [:]),
                ("GET", "/simple/demo/", ["Connection": "close"]),
            ]
            for (method, target, headers) in requests {
                // Once to have it made.
                _ = try await site.client.send(method, target, headers: headers)
                let memory = try await site.client.send(method, target, headers: headers)
                let framework = try await theOrdinaryWay(site.client, method, target, headers)
                #expect(memory.statusLine == framework.statusLine, "\(target) \(headers)")
                #expect(memory.body == framework.body, "\(target) \(headers)")
                let ours = memory.headers.filter { !isOwn($0.name) }.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
                let theirs = framework.headers.filter { !isOwn($0.name) }.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
                #expect(ours == theirs, "\(method) \(target) \(headers)")
                #expect(memory["Date"]?.hasSuffix(" GMT") == true)
                #expect(memory["X-Request-Id"]?.count == 16)
            }
        }
    }

    @Test func `whoever asks twice is answered from memory, and whoever cuts a request in two gets the same`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            _ = try await site.client.get("/simple/demo/")
            let before = try await hits(site.client)
            let whole = try await site.client.get("/simple/demo/")
            #expect(try await hits(site.client) == before + 1)
            #expect(try await theOrdinaryWay(site.client, "GET", "/simple/demo/", [:]).body == whole.body)
        }
    }

    @Test func `requests sent at once are answered in their order, pages and others mixed`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            _ = try await site.client.get("/simple/demo/")
            let page = WebClient.head("GET", "/simple/demo/", [:])
            let other = WebClient.head("GET", "/help/", [:])
            let answers = try await site.client.withConnection { connection in
                connection.send(page)
                let first = try connection.receive()
                connection.send(other + page + other)
                let rest = try (0..<3).map { _ in try connection.receive() }
                connection.send(page)
                return try [first] + rest + [connection.receive()]
            }
            let titles = answers.map { $0.text.contains("Links for demo") ? "page" : "other" }
            #expect(titles == ["page", "other", "page", "other", "page"])
        }
    }

    @Test func `a request that follows one that is still being answered waits for it`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            _ = try await site.client.get("/simple/demo/")
            for _ in 0..<50 {
                let answers = try await site.client.withConnection { connection in
                    // A miss that has to ask the database, and right behind it, in a segment of its own, a hit.
                    connection.send(WebClient.head("GET", "/simple/n\(UInt32.random(in: 0 ... .max))/", [:]))
                    connection.send(WebClient.head("GET", "/simple/demo/", [:]))
                    return try (0..<2).map { _ in try connection.receive() }
                }
                #expect(answers.map(\.status) == [404, 200])
            }
        }
    }

    @Test func `after a body, the next request of the connection is the next request, whatever the body looked like`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            _ = try await site.client.get("/simple/demo/")
            let body = Array("GET /simple/demo/ HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            let answers = try await site.client.withConnection { connection in
                connection.send(WebClient.head("POST", "/help/", [:], length: body.count))
                usleep(30_000)
                connection.send(body)
                let refused = try connection.receive()
                connection.send(WebClient.head("GET", "/simple/demo/", [:]))
                return try [refused, connection.receive()]
            }
            #expect(answers.map(\.status) == [405, 200])
        }
    }

    @Test func `a connection ends after as many requests as it may have, pages and others counted`() async throws {
        var settings = WebSettings()
        settings.requestsPerConnection = 4
        try await Site.run(web: settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            _ = try await site.client.get("/simple/demo/")
            for last in ["/simple/demo/", "/help/"] {
                let closes = try await site.client.withConnection { connection in
                    var closes: [Bool] = []
                    for target in ["/help/", "/simple/demo/", "/help/", last] {
                        connection.send(WebClient.head("GET", target, [:]))
                        closes.append(try connection.receive()["Connection"] == "close")
                    }
                    return closes + [connection.isClosedByServer()]
                }
                #expect(closes == [false, false, false, true, true])
            }
        }
    }

    @Test func `a connection that only ever gets pages from memory is not idle`() async throws {
        var settings = WebSettings()
        // Much longer than a pause, on a busy machine, too; shorter than all of them.
        settings.idleTimeout = .seconds(3)
        try await Site.run(web: settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            _ = try await site.client.get("/simple/demo/")
            let (served, isClosed) = try await site.client.withConnection { connection in
                var served = 0
                for _ in 0..<16 {
                    usleep(250_000)
                    connection.send(WebClient.head("GET", "/simple/demo/", [:]))
                    if try connection.receive().status == 200 { served += 1 }
                }
                // And now it says nothing.
                return (served, connection.isClosedByServer())
            }
            #expect(served == 16)
            #expect(isClosed)
        }
    }

    @Test func `a head that comes drop by drop is not waited for`() async throws {
        var settings = WebSettings()
        settings.headTimeout = .milliseconds(500)
        try await Site.run(web: settings) { site in
            let dropped = try await site.client.withConnection { connection in
                connection.send("GET /help/ HTTP/1.1\r\nHost: x\r\n")
                for _ in 0..<60 {
                    usleep(50_000)
                    guard connection.send("A: b\r\n") else { return true }
                }
                return false
            }
            #expect(dropped)
        }
    }

    @Test func `a client that waits to be told to go on is not told so amid the answer to its request before`() async throws {
        try await Site.run { site in
            let answers = try await site.client.withConnection { connection in
                let waiting = WebClient.head("POST", "/help/", ["Expect": "100-continue"], length: 2)
                connection.send(WebClient.head("GET", "/help/", [:]) + waiting + Array("xx".utf8))
                let first = try (0..<2).map { _ in try connection.receive() }
                connection.send(waiting)
                return try first + [connection.receive()]
            }
            #expect(answers.map(\.status) == [200, 405, 100])
        }
    }

    @Test func `the rest of a body that was refused early may come in its own time`() async throws {
        var settings = WebSettings()
        settings.headTimeout = .milliseconds(300)
        try await Site.run(web: settings) { site in
            let answers = try await site.client.withConnection { connection in
                connection.send(WebClient.head("POST", "/help/", [:], length: 40))
                let refused = try connection.receive()
                for _ in 0..<40 {
                    usleep(50_000)
                    connection.send("x")
                }
                connection.send(WebClient.head("GET", "/help/", [:]))
                return try [refused, connection.receive()]
            }
            #expect(answers.map(\.status) == [405, 200])
        }
    }

    @Test func `beyond the limit of connections everybody is told to come again, those within it are served`() async throws {
        var settings = WebSettings()
        settings.connections = 3
        try await Site.run(web: settings) { site in
            let port = site.client.port
            let refused = try await WebClient.blocking {
                let inside = try (0..<3).map { _ in try WebConnection(port: port) }
                for connection in inside {
                    connection.send(WebClient.head("GET", "/help/", [:]))
                    _ = try connection.receive()
                }
                let outside = try WebConnection(port: port)
                outside.send(WebClient.head("GET", "/help/", [:]))
                let refused = try outside.receive()
                inside[0].send(WebClient.head("GET", "/help/", [:]))
                #expect(try inside[0].receive().status == 200)
                #expect(outside.isClosedByServer())
                inside.forEach { $0.close() }
                return refused
            }
            #expect(refused.status == 503)
            #expect(refused["Retry-After"] == "5")
            // Room again, once the server has noticed.
            while try await site.client.get("/help/").status != 200 { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    @Test func `where reading needs a login nothing is answered before the token was seen, hot or cold`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await Site.run(settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            for _ in 0..<3 {
                #expect(try await site.client.get("/simple/demo/", ["Authorization": site.bearer]).status == 200)
                #expect(try await site.client.get("/simple/demo/").status == 401)
                #expect(try await site.client.get("/simple/demo/", ["Authorization": "Bearer pypi-wrong"]).status != 200)
            }
            let page = try await site.client.get("/simple/demo/", ["Authorization": site.bearer])
            #expect(page["Cache-Control"]?.contains("private") == true)
            #expect(page["Surrogate-Control"] == nil)
        }
    }
}
