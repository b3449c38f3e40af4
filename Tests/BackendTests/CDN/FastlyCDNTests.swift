import Backends
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct FastlyCDNTests {
    private static func ok() -> StubFetcher.Answer {
        .success(HTTPFetchResponse(status: 200, body: Array("{\"status\": \"ok\", \"id\": \"1\"}".utf8)))
    }

    @Test func `a purge is one soft request for each key`() async throws {
        let fetcher = StubFetcher([Self.ok()])
        try await FastlyCDN(service: "abc", key: "secret", fetcher: fetcher).purge(["project/apple", "user/Ann.b-c_d", "a b%?#é\"", "all-projects"])
        #expect(
            fetcher.requests.map(\.url) == [
                "https://api.fastly.com/service/abc/purge/project/apple", "https://api.fastly.com/service/abc/purge/user/Ann.b-c_d",
                "https://api.fastly.com/service/abc/purge/a%20b%25%3F%23%C3%A9%22", "https://api.fastly.com/service/abc/purge/all-projects",
            ]
        )
        for request in fetcher.requests {
            #expect(request.method == "POST")
            #expect(request["Accept"] == "application/json")
            #expect(request["Fastly-Key"] == "secret")
            #expect(request["Fastly-Soft-Purge"] == "1")
        }
    }

    @Test(arguments: ["{\"status\": \"failed\"}", "{}", "", "[]", "{\"status\": 1}"])
    func `an answer that does not say ok is a failure`(body: String) async throws {
        let cdn = FastlyCDN(service: "abc", key: "secret", fetcher: StubFetcher([.success(HTTPFetchResponse(status: 200, body: Array(body.utf8)))]))
        await #expect(throws: CDNError.self) { try await cdn.purge(["project/apple"]) }
    }

    @Test func `a service that says not ok is believed`() async throws {
        try await CDNUnderTest.run(.fastly) { under in
            let failure = try await under.failure(of: under.cdn, purging: ["not-ok"])
            #expect(failure.contains("does not say ok"))
        }
    }

    // platform §8.3
    @Test func `when the chosen machine can not be reached, the purge goes by DNS, twice`() async throws {
        try await CDNUnderTest.run(.fastly) { under in
            try await under.waitForGeneration("1", of: "apple")
            let direct = RecordingFetcher(LiveFetcher())
            // Nobody listens at the second address of this machine.
            let edge = FastlyCDN.Edge(address: "127.0.0.9", fetcher: LiveFetcher(connectingTo: ["localhost": "127.0.0.9"]))
            let pause = Duration.milliseconds(200)
            let cdn = FastlyCDN(
                service: "SERVICE",
                key: "right-key",
                api: "http://localhost:\(under.server.port)",
                fetcher: direct,
                edge: edge,
                pause: pause
            )
            let start = ContinuousClock.now
            try await cdn.purge(["project/apple", "project/pear"])
            #expect(direct.keys == ["apple", "pear", "apple", "pear"])
            #expect(ContinuousClock.now - start >= pause)
            try await under.waitForGeneration("2", of: "apple")
        }
    }

    @Test func `the chosen machine is connected to whatever DNS says, and one purge is enough`() async throws {
        try await CDNUnderTest.run(.fastly) { under in
            try await under.waitForGeneration("1", of: "apple")
            let direct = StubFetcher()
            let edge = FastlyCDN.Edge(address: "127.0.0.1", fetcher: LiveFetcher(connectingTo: ["api.example.invalid": "127.0.0.1"]))
            let cdn = FastlyCDN(
                service: "SERVICE",
                key: "right-key",
                api: "http://api.example.invalid:\(under.server.port)",
                fetcher: direct,
                edge: edge
            )
            try await cdn.purge(["project/apple"])
            try await under.waitForGeneration("2", of: "apple")
            #expect(direct.requests.isEmpty)
        }
    }

    @Test func `what the chosen machine refuses is not tried elsewhere`() async throws {
        for answer: StubFetcher.Answer in [
            .success(HTTPFetchResponse(status: 500)), .failure(.timedOut(.seconds(1))), .failure(.interrupted("reset")),
        ] {
            let direct = StubFetcher([Self.ok()])
            let cdn = FastlyCDN(
                service: "abc",
                key: "secret",
                fetcher: direct,
                edge: FastlyCDN.Edge(address: "192.0.2.1", fetcher: StubFetcher([answer]))
            )
            await #expect(throws: CDNError.self) { try await cdn.purge(["project/apple"]) }
            #expect(direct.requests.isEmpty)
        }
    }
}

/// Notes what goes through it.
private final class RecordingFetcher: HTTPFetching {
    private let fetcher: any HTTPFetching
    private let noted = StubFetcher()

    init(_ fetcher: any HTTPFetching) { self.fetcher = fetcher }

    var keys: [String] { noted.requests.map { String($0.url.split(separator: "/").last ?? "") } }

    func fetch(_ request: HTTPFetchRequest) async throws(HTTPFetchError) -> HTTPFetchResponse {
        _ = try? await noted.fetch(request)
        return try await fetcher.fetch(request)
    }
}
