import Backends
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct LiveFetcherTests {
    private let fetcher = LiveFetcher(connectTimeout: .seconds(5))

    private func failure(_ request: HTTPFetchRequest, by fetcher: LiveFetcher? = nil) async throws -> HTTPFetchError {
        do {
            let response = try await (fetcher ?? self.fetcher).fetch(request)
            throw ProgramError(description: "it was answered: \(response.status)")
        } catch let error as HTTPFetchError {
            return error
        }
    }

    @Test func `a request and its answer arrive as they are`() async throws {
        let origin = try Origin { request, _ in ("HTTP/1.1 418 Teapot\r\nX-Answer: 1\r\nSet-Cookie: a=b", request.headers["content-length"] ?? "none")
        }
        let response = try await fetcher.fetch(
            HTTPFetchRequest(
                "PATCH",
                "\(origin.url)/a/b?c=d%20e",
                headers: [("X-Question", "why"), ("Accept", "text/plain")],
                body: Array("12345".utf8)
            )
        )
        #expect(response.status == 418)
        #expect(response["x-answer"] == "1")
        #expect(response.body == Array("5".utf8))
        let request = try #require(origin.requests.first)
        #expect(request.method == "PATCH" && request.target == "/a/b?c=d%20e")
        #expect(request.headers["x-question"] == "why" && request.headers["accept"] == "text/plain")
        #expect(request.headers["user-agent"] == "emporium")
        // A cookie of one answer is nothing to the next request.
        _ = try await fetcher.fetch(HTTPFetchRequest("GET", origin.url))
        #expect(origin.requests.last?.headers["cookie"] == nil)
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func `redirects are answers`(status: Int) async throws {
        let origin = try Origin { _, _ in ("HTTP/1.1 \(status) Elsewhere\r\nLocation: /elsewhere", "") }
        let response = try await fetcher.fetch(HTTPFetchRequest("GET", "\(origin.url)/", headers: [("Fastly-Key", "secret")]))
        #expect(response.status == status && response["Location"] == "/elsewhere")
        #expect(origin.requests.map(\.target) == ["/"])
    }

    @Test func `nobody there`() async throws {
        let port = try SparePort.find()
        guard case .notConnected = try await failure(HTTPFetchRequest("GET", "http://127.0.0.1:\(port)/")) else {
            Issue.record("another error")
            return
        }
        guard case .notConnected = try await failure(HTTPFetchRequest("GET", "http://no-such-host.invalid/")) else {
            Issue.record("another error")
            return
        }
    }

    @Test func `a connection that ends early is interrupted`() async throws {
        let origin = try Origin()
        origin.setDown(true)
        guard case .interrupted = try await failure(HTTPFetchRequest("GET", origin.url)) else {
            Issue.record("another error")
            return
        }
        // The head promises more than comes.
        let liar = try Origin { _, _ in ("HTTP/1.1 200 OK\r\nX-Long: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "") }
        guard case .interrupted = try await failure(HTTPFetchRequest("GET", liar.url)) else {
            Issue.record("another error")
            return
        }
    }

    @Test func `silence before and within an answer ends in time`() async throws {
        let silent = try Origin { _, _ in nil }
        let timeout = Duration.milliseconds(300)
        #expect(try await failure(HTTPFetchRequest("GET", silent.url, timeout: timeout)) == .timedOut(timeout))
        // An answer that comes, but too late.
        let dripping = try Origin { request, _ in
            Thread.sleep(forTimeInterval: request.target == "/slow" ? 1 : 0)
            return ("HTTP/1.1 200 OK", "late")
        }
        #expect(try await failure(HTTPFetchRequest("GET", "\(dripping.url)/slow", timeout: timeout)) == .timedOut(timeout))
        #expect(try await fetcher.fetch(HTTPFetchRequest("GET", "\(dripping.url)/")).body == Array("late".utf8))
    }

    @Test func `an answer may have as many bytes as allowed and not one more`() async throws {
        let origin = try Origin { _, _ in ("HTTP/1.1 200 OK", String(repeating: "x", count: 1000)) }
        #expect(try await fetcher.fetch(HTTPFetchRequest("GET", origin.url, responseLimit: 1000)).body.count == 1000)
        #expect(try await failure(HTTPFetchRequest("GET", origin.url, responseLimit: 999)) == .tooLarge(limit: 999))
    }

    @Test func `what can not be sent is said without what is secret`() async throws {
        for url in ["", "no url", "ftp://example.org/", "http://", "/path"] {
            guard case .invalidRequest = try await failure(HTTPFetchRequest("GET", url)) else {
                Issue.record("another error for \(url)")
                continue
            }
        }
        let origin = try Origin()
        let error = try await failure(HTTPFetchRequest("GET", origin.url, headers: [("Fastly-Key", "secret\r\nX-Other: 1")]))
        guard case .invalidRequest(let reason) = error else {
            Issue.record("another error")
            return
        }
        #expect(!reason.contains("secret"))
        #expect(origin.requests.isEmpty)
    }

    @Test func `a cancelled task stops waiting`() async throws {
        let silent = try Origin { _, _ in nil }
        let task = Task { [fetcher] in try await fetcher.fetch(HTTPFetchRequest("GET", silent.url, timeout: .seconds(600))) }
        try await waitUntil("the request arrived") { !silent.requests.isEmpty }
        task.cancel()
        await #expect(throws: HTTPFetchError.cancelled) { try await task.value }
    }

    @Test func `a name is connected to at the address it was given`() async throws {
        let origin = try Origin()
        let fetcher = LiveFetcher(connectingTo: ["api.example.invalid": "127.0.0.1"])
        #expect(try await fetcher.fetch(HTTPFetchRequest("GET", "http://api.example.invalid:\(origin.port)/")).status == 200)
        #expect(origin.requests.first?.headers["host"] == "api.example.invalid:\(origin.port)")
    }
}
