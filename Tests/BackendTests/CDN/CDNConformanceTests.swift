// What every CDN must do, asked of each of them in front of a real Varnish.

import Backends
import TestSupport
import Testing

/// A cache, the index behind it, and what purges it.
struct CDNUnderTest: Sendable {
    enum Kind: CaseIterable, Sendable {
        case varnish
        case fastly
    }

    let kind: Kind
    let origin: Origin
    let server: VarnishServer
    var cdn: any CDN { cdn() }

    /// Runs `body` with both servers, which are gone afterwards.
    static func run(_ kind: Kind, _ body: (CDNUnderTest) async throws -> Void) async throws {
        try await withFolder { folder in
            let origin = try Origin()
            let server =
                switch kind {
                case .varnish:
                    try await VarnishServer(
                        vcl: VarnishServer.documentedVCL(backendPort: origin.port),
                        in: folder,
                        environment: ["PURGE_KEY": "right-key"]
                    )
                case .fastly: try await VarnishServer(vcl: VarnishServer.fixtureVCL("fastly.vcl", backendPort: origin.port), in: folder)
                }
            do {
                try await body(CDNUnderTest(kind: kind, origin: origin, server: server))
            } catch {
                try await server.stop()
                throw error
            }
            try await server.stop()
        }
    }

    /// - Parameter port: of another server than this one.
    func cdn(key: String = "right-key", port: Int? = nil, timeout: Duration = .seconds(10)) -> any CDN {
        let url = "http://127.0.0.1:\(port ?? server.port)"
        return switch kind {
        case .varnish: VarnishCDN(servers: [url], key: key, fetcher: LiveFetcher(), timeout: timeout)
        case .fastly: FastlyCDN(service: "SERVICE", key: key, api: url, fetcher: LiveFetcher(), timeout: timeout)
        }
    }

    /// What the cache gives out for a project: how often it has been fetched from the origin.
    func generation(of name: String) async throws -> String {
        let page = try await server.client.get("/simple/\(name)/")
        #expect(page.status == 200)
        return page.text
    }

    func waitForGeneration(_ generation: String, of name: String) async throws {
        try await waitUntil("\(name) is \(generation)") { try await self.generation(of: name) == generation }
    }

    /// The error that this throws.
    func failure(of cdn: any CDN, purging keys: [String]) async throws -> String {
        do {
            try await cdn.purge(keys)
        } catch {
            #expect(!error.description.contains("-key"), "no secret is told")
            return error.description
        }
        throw ProgramError(description: "the purge succeeded")
    }
}

@Suite(.timeLimit(.minutes(3))) struct CDNConformanceTests {
    @Test(arguments: CDNUnderTest.Kind.allCases)
    func `what is purged is fetched again and the rest stays`(kind: CDNUnderTest.Kind) async throws {
        try await CDNUnderTest.run(kind) { under in
            for name in ["apple", "pear"] {
                try await under.waitForGeneration("1", of: name)
                #expect(try await under.generation(of: name) == "1")
            }
            try await under.cdn.purge(["project/apple"])
            try await under.waitForGeneration("2", of: "apple")
            #expect(try await under.generation(of: "pear") == "1")
            // A key that all have.
            try await under.cdn.purge(["project/nobody", "all-projects"])
            try await under.waitForGeneration("3", of: "apple")
            try await under.waitForGeneration("2", of: "pear")
        }
    }

    @Test(arguments: CDNUnderTest.Kind.allCases)
    func `a purged page is still there while the index is down`(kind: CDNUnderTest.Kind) async throws {
        try await CDNUnderTest.run(kind) { under in
            try await under.waitForGeneration("1", of: "apple")
            under.origin.setDown(true)
            try await under.cdn.purge(["project/apple"])
            for _ in 0..<3 { #expect(try await under.generation(of: "apple") == "1") }
            try await waitUntil("it was asked for again") { under.origin.requests.count > 1 }
            under.origin.setDown(false)
            try await waitUntil("a new page") { try await under.generation(of: "apple") != "1" }
        }
    }

    @Test(arguments: CDNUnderTest.Kind.allCases)
    func `hundreds of keys go in one call, and none is a call too`(kind: CDNUnderTest.Kind) async throws {
        try await CDNUnderTest.run(kind) { under in
            let names = ["p0", "p149", "p299"]
            for name in names { try await under.waitForGeneration("1", of: name) }
            try await under.cdn.purge([])
            for name in names { #expect(try await under.generation(of: name) == "1") }
            try await under.cdn.purge((0..<300).map { "project/p\($0)" })
            for name in names { try await under.waitForGeneration("2", of: name) }
        }
    }

    @Test(arguments: CDNUnderTest.Kind.allCases)
    func `a wrong key purges nothing`(kind: CDNUnderTest.Kind) async throws {
        try await CDNUnderTest.run(kind) { under in
            try await under.waitForGeneration("1", of: "apple")
            let failure = try await under.failure(of: under.cdn(key: "wrong-key"), purging: ["project/apple"])
            #expect(failure.contains("401"))
            // Had it been purged, a second reading would be new.
            for _ in 0..<5 { #expect(try await under.generation(of: "apple") == "1") }
            #expect(under.origin.requests.count == 1)
        }
    }

    @Test(arguments: CDNUnderTest.Kind.allCases)
    func `nobody there, silence and strangers are failures`(kind: CDNUnderTest.Kind) async throws {
        try await CDNUnderTest.run(kind) { under in
            let nobody = try await under.failure(of: under.cdn(port: SparePort.find()), purging: ["project/apple"])
            #expect(nobody.contains("no connection"))

            let silent = try Origin { _, _ in nil }
            let silence = try await under.failure(of: under.cdn(port: silent.port, timeout: .milliseconds(300)), purging: ["project/apple"])
            #expect(silence.contains("no whole answer within 0.3 seconds"))
            #expect(silent.requests.count == 1)

            // It answers everything with 200 and has purged nothing.
            let stranger = try await under.failure(of: under.cdn(port: under.origin.port), purging: ["project/apple"])
            #expect(stranger.contains("did not purge"))

            let broken = try Origin { _, _ in ("HTTP/1.1 503 Unavailable\r\nX-Purged: 1", "{\"status\": \"ok\"}") }
            #expect(try await under.failure(of: under.cdn(port: broken.port), purging: ["project/apple"]).contains("503"))

            let gone = try Origin()
            gone.setDown(true)
            #expect(try await under.failure(of: under.cdn(port: gone.port), purging: ["project/apple"]).contains("did not purge"))

            // Where it points, a key would be sent to.
            let pointing = try Origin { _, _ in
                ("HTTP/1.1 307 Elsewhere\r\nX-Purged: 1\r\nLocation: \(under.origin.url)/elsewhere", "{\"status\": \"ok\"}")
            }
            #expect(try await under.failure(of: under.cdn(port: pointing.port), purging: ["project/apple"]).contains("307"))
            #expect(!under.origin.requests.contains { $0.target == "/elsewhere" })
        }
    }
}
