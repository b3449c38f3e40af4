// A query that a route does not read costs no page.

import Foundation
import HTTPTypes
import Registry
import TestSupport
import Testing
import Web

@Suite struct UnknownQueryTests {
    @Test func `kept pages answer whatever query is made up`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("demo", "1.1"))
            try await site.test.runJobs()
            for route in Routes.all {
                switch route.cache {
                case .shared, .tagged: break
                default: continue
                }
                let path = route.pattern.replacing("{name}", with: "demo").replacing("{version}", with: "1.0").replacing("{from}", with: "1.0")
                    .replacing("{to}", with: "1.1").replacing("{filename}", with: "demo-1.0-py3-none-any.whl")
                let plain = try await site.client.get(path)
                let before = try await misses(site)
                for query in ["?x=1", "?utm_source=mail&y", "?%ff=", "?", "?x=\(UUID().uuidString)"] {
                    let answer = try await site.client.get(path + query)
                    if query == "?%ff=" {
                        #expect(answer.status == 400, "\(path)\(query)")
                    } else if !(300..<400).contains(plain.status) {
                        #expect(answer.status == plain.status && answer.body == plain.body, "\(path)\(query)")
                    }
                }
                #expect(try await misses(site) == before, "\(path) was made again for a query")
            }
        }
    }

    @Test func `a query that a route reads still makes another page, and goes along with a redirect`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.test.runJobs()
            let page = "/project/demo/1.0/contents/demo-1.0-py3-none-any.whl/"
            #expect(try await site.client.get(page).status == 200)
            #expect(try await site.client.get(page + "?member=demo/__init__.py").text != site.client.get(page).text)
            for query in ["?a=1", "?b=2"] {
                #expect(try await site.client.get("/simple/Demo/\(query)")["Location"] == "/simple/demo/\(query)")
            }
            #expect(try await site.client.get("/simple/Demo/")["Location"] == "/simple/demo/")
        }
    }

    /// How many pages were made because none was kept.
    private func misses(_ site: Site) async throws -> Int {
        let text = try await site.client.get("/metrics").text
        return text.split(separator: "\n").filter { $0.hasPrefix("emporium_page_cache_") && $0.contains("miss") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0) { $0 + Int($1) }
    }
}
