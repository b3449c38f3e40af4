import Testing

@testable import Server

@Suite struct CDNLocationTests {
    @Test func `locations are read`() throws {
        let expected: [(String, CDNLocation)] = [
            ("none:", .none),
            ("fastly:SU1Z0isxPaozGVKXdv0eY", .fastly(service: "SU1Z0isxPaozGVKXdv0eY", api: "https://api.fastly.com", connectVia: nil)),
            (
                "fastly:abc?api=http://127.0.0.1:80/&connect_via=192.0.2.1",
                .fastly(service: "abc", api: "http://127.0.0.1:80", connectVia: "192.0.2.1")
            ),
            ("varnish+http://127.0.0.1:6081", .varnish(servers: ["http://127.0.0.1:6081"], key: nil)),
            ("varnish+https://cache.example.org/", .varnish(servers: ["https://cache.example.org"], key: nil)),
            ("varnish+http://a:1,b,[::1]:3?key=k%25y", .varnish(servers: ["http://a:1", "http://b", "http://[::1]:3"], key: "k%y")),
        ]
        for (text, location) in expected { #expect(try CDNLocation(text) == location, "\(text)") }
    }

    @Test(arguments: [
        "", "none", "none:?a=b", "fastly:", "fastly:a/b", "fastly:abc?key=k", "fastly:abc?api=ftp://x", "fastly:abc?api=", "varnish://host",
        "varnish+http://",
        "varnish+http://a,,b", "varnish+http://a/path", "varnish+http://user:word@host", "varnish+http://a?key", "varnish+http://a?key=a%0Ab",
        "varnish+http://a?other=1", "varnish+http://a b",
    ])
    func `what can not be is refused`(text: String) {
        #expect(throws: CDNLocation.Fault.self) { try CDNLocation(text) }
    }

    @Test func `what is shown holds no key`() throws {
        #expect(try CDNLocation("varnish+http://a:1,b:2?key=secret").shown == "Varnish at http://a:1, http://b:2")
        #expect(try CDNLocation("fastly:abc?connect_via=192.0.2.1").shown == "Fastly service abc at https://api.fastly.com, by way of 192.0.2.1")
    }

    @Test func `Fastly without a key stops the start`() async throws {
        await #expect(throws: CommandFailure.self) { try await Settings.read(flags: [:], file: nil, environment: ["EMPORIUM_CDN_URL": "fastly:abc"]) }
        let settings = try await Settings.read(
            flags: [:],
            file: nil,
            environment: ["EMPORIUM_CDN_URL": "fastly:abc", "EMPORIUM_FASTLY_KEY": "secret"]
        )
        #expect(settings.cdn == .fastly(service: "abc", api: "https://api.fastly.com", connectVia: nil))
    }
}
