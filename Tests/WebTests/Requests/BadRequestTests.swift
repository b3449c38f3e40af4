// Requests that are odd or broken below the level of any page.

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

@Suite(.timeLimit(.minutes(2))) struct BadRequestTests {
    private static func checkAlive(_ site: Site) async throws {
        #expect(try await site.client.get("/_health/").status == 200)
    }

    // RFC 9112 §3
    @Test func `what is no HTTP gets 400 and the connection is closed`() async throws {
        try await Site.run { site in
            for bytes in [
                "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /simple/ HTTP/9.9\r\n\r\n", "GET /simple/ HTTP/1.1\r\nNo colon\r\n\r\n",
                "GET /simple/ HTTP/1.1\r\nA : b\r\n\r\n",
                "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /simple/ HTTP/1.1\r\nHost: x\r\nX: a\u{0}b\r\n\r\n",
                "POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            ] {
                let answer = try await site.client.withConnection { connection -> (RawResponse?, Bool) in
                    connection.send(bytes)
                    connection.finishSending()
                    return (try? connection.receive(), connection.isClosedByServer())
                }
                #expect(answer.0?.status == nil || answer.0?.status == 400, "\(bytes.debugDescription): \(answer.0?.statusLine ?? "")")
                #expect(answer.1)
            }
            try await Self.checkAlive(site)
        }
    }

    @Test func `a header of 100 KB, or a thousand of them, is refused`() async throws {
        try await Site.run { site in
            for headers in ["X-Long: \(String(repeating: "a", count: 100_000))\r\n", (0..<5000).map { "X-\($0): a\r\n" }.joined()] {
                let answer = try await site.client.withConnection { connection -> RawResponse? in
                    connection.send("GET /simple/ HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
                    return try? connection.receive()
                }
                #expect(answer == nil || answer?.status == 400 || answer?.status == 431, "\(answer?.statusLine ?? "")")
            }
            try await Self.checkAlive(site)
        }
    }

    @Test func `a very long path is not found, whole or refused`() async throws {
        try await Site.run { site in
            let answer = try await site.client.get("/simple/\(String(repeating: "a", count: 20_000))/")
            #expect([404, 414, 400].contains(answer.status))
            try await Self.checkAlive(site)
        }
    }

    // index §0.2 step 3
    @Test func `an unknown method is refused`() async throws {
        try await Site.run { site in
            for method in ["BREW", "get", "PROPFIND", "TRACE"] {
                let answer = try await site.client.send(method, "/simple/")
                #expect([400, 405, 501].contains(answer.status), "\(method): \(answer.statusLine)")
            }
            let connect = try await site.client.withConnection { connection -> RawResponse? in
                connection.send("CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                connection.finishSending()
                return try? connection.receive()
            }
            #expect(connect == nil || (400..<600).contains(connect?.status ?? 0))
            try await Self.checkAlive(site)
        }
    }

    // RFC 9112 §9.3.2
    @Test func `pipelined requests are answered in order`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let requests = ["/simple/demo/", "/simple/nothing/", "/simple/Demo/", "/_health/", "/simple/demo/"].map {
                "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n"
            }.joined()
            let answers = try await site.client.exchange(Array(requests.utf8), answers: 5)
            #expect(answers.map(\.status) == [200, 404, 301, 200, 200])
            #expect(answers[0].body == answers[4].body)
            // A body that nobody reads does not spill into the next request.
            let mixed =
                "POST /simple/ HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\nGET /nothing/ HTTP/1.1\r\nA: b\r\nGET /_health/ HTTP/1.1\r\nHost: x\r\n\r\n"
            #expect(try await site.client.exchange(Array(mixed.utf8), answers: 2).map(\.status) == [405, 200])
        }
    }

    // RFC 9112 §9.3
    @Test func `a connection is closed for HTTP/1.0 and for whoever asks`() async throws {
        try await Site.run { site in
            for request in ["GET /simple/ HTTP/1.0\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n"] {
                let (answer, isClosed) = try await site.client.withConnection { connection in
                    connection.send(request)
                    return (try connection.receive(), connection.isClosedByServer())
                }
                #expect(answer.status == 200)
                #expect(answer.text == (try expected("simple/empty-index.html")))
                #expect(isClosed)
            }
            // Who wants to keep it may.
            let kept = try await site.client.withConnection { connection in
                try (0..<2).map { _ in
                    connection.send("GET /simple/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    return try connection.receive().status
                }
            }
            #expect(kept == [200, 200])
        }
    }

    // RFC 9112 §3.2.2
    @Test func `a target with scheme and host is answered by its path, its host is not believed`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let page = try await site.client.get("http://evil.example/simple/demo/")
            #expect(page.status == 200)
            #expect(!page.text.contains("evil"))
            let redirect = try await site.client.get("http://evil.example/simple/Demo/")
            #expect(redirect["Location"] == "/simple/demo/")
            #expect(try await [400, 404, 405].contains(site.client.get("*").status))
        }
    }

    @Test func `a request in pieces is put together`() async throws {
        try await Site.run { site in
            let answer = try await site.client.withConnection { connection in
                for byte in Array("GET /simple/ HTTP/1.1\r\nHost: x\r\n\r\n".utf8) {
                    connection.send([byte])
                    usleep(1000)
                }
                return try connection.receive()
            }
            #expect(answer.status == 200)
        }
    }

    // Whoever says nothing, or only half a request, does not hold a connection for ever.
    @Test func `a silent connection is closed after the idle time`() async throws {
        var web = WebSettings()
        web.idleTimeout = .seconds(1)
        try await Site.run(web: web) { site in
            for beginning in ["", "GET /simple/ HT", "GET /simple/ HTTP/1.1\r\nHost: x\r\nX-Slow"] {
                let isClosed = try await site.client.withConnection { connection in
                    connection.send(beginning)
                    return connection.isClosedByServer()
                }
                #expect(isClosed, "\(beginning)")
            }
            let kept = try await site.client.withConnection { connection in
                connection.send("GET /simple/ HTTP/1.1\r\nHost: x\r\n\r\n")
                return (try connection.receive().status, connection.isClosedByServer())
            }
            #expect(kept.0 == 200)
            #expect(kept.1)
        }
    }
}
