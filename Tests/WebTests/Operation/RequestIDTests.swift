// What requests are called.

import HTTPTypes
import NIOCore
import Registry
import TestSupport
import Testing
import Web

@Suite struct RequestIDTests {
    @Test func `a name is sixteen hexadecimal digits, the same however it is written, and never given twice`() {
        var names: Set<String> = []
        for _ in 0..<10_000 {
            let id = RequestID.make()
            var buffer = ByteBuffer()
            #expect(id.write(into: &buffer) == 16)
            let text = String(buffer: buffer)
            #expect(text == id.description)
            #expect(text.utf8.count == 16 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            names.insert(text)
        }
        #expect(names.count == 10_000)
    }

    @Test func `names that follow each other are numbers that do`() throws {
        let (first, second) = (RequestID.make().description, RequestID.make().description)
        // Other tests may take some between.
        let numbers = (try #require(UInt64(first, radix: 16)), try #require(UInt64(second, radix: 16)))
        #expect((1..<100_000).contains(numbers.1 &- numbers.0))
    }

    @Test func `every answer carries a name of its own`() async throws {
        try await Site.run { site in
            var names: Set<String> = []
            for (method, target) in [
                ("GET", "/"), ("GET", "/simple/"), ("GET", "/nothing"), ("GET", "/simple"), ("POST", "/simple/"), ("POST", "/legacy/"),
                ("HEAD", "/simple/"),
                ("GET", "/%ff"), ("GET", "/_health/"), ("GET", "/_ready/"), ("GET", "/metrics"),
            ] {
                let answer = try await site.client.send(method, target, body: method == "POST" ? [] : nil)
                let name = try #require(answer["X-Request-Id"], "\(method) \(target)")
                #expect(name.utf8.count == 16)
                names.insert(name)
            }
            #expect(names.count == 11)
        }
    }

    @Test func `a client's own name is not believed, a trusted proxy's is, if it is one`() async throws {
        let header = "X-Request-Id"
        try await Site.run { site in
            let answer = try await site.client.get("/simple/", [header: "my-own-name"])
            #expect(answer[header]?.utf8.count == 16)
        }
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.run(web: web) { site in
            for good in ["a", "7f_A-z", String(repeating: "x", count: 64)] {
                #expect(try await site.client.get("/simple/", [header: good])[header] == good)
            }
            for bad in ["", "a b", "a.b", "é", "a\"", String(repeating: "x", count: 65), "a,b"] {
                let answer = try await site.client.get("/simple/", [header: bad])
                let name = try #require(answer[header])
                #expect(name != bad && name.utf8.count == 16, "\(bad)")
            }
        }
    }
}
