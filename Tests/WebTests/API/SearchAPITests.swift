// The API: projects that a program looks for.

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct SearchAPITests {
    @Test func `a search finds what the search page finds`() async throws {
        try await Site.runWithProjects { site in
            let found = try await site.document("search?q=DEMO")
            let projects = try #require(found["projects"] as? [[String: Any]])
            #expect(projects.map { $0["normalized_name"] as? String } == ["demo", "needer"] && found["total"] as? Int == 2)
            #expect(projects[0]["name"] as? String == "Demo" && projects[0]["version"] as? String == "1.0")
            #expect(projects[1]["summary"] as? String == "Needs a demo")
            #expect(found["query"] as? String == "DEMO" && found["order"] as? String == "relevance" && found["page"] as? Int == 1)
            let classified = try await site.document("search?classifier=Topic%20%3A%3A%20Utilities&classifier=Topic%20%3A%3A%20Utilities&classifier=")
            #expect((classified["projects"] as? [[String: Any]])?.count == 1 && classified["classifiers"] as? [String] == ["Topic :: Utilities"])
            let newest = try await site.document("search?order=newest")
            #expect((newest["projects"] as? [[String: Any]])?.count == 3 && newest["order"] as? String == "newest")
            #expect(try await site.document("search?q=nothing-of-the-kind")["total"] as? Int == 0)
        }
    }

    @Test func `pages lead to each other with all that was asked for`() async throws {
        try await Site.runWithProjects { site in
            for number in 0..<22 { try await site.publish(.wheel("many-\(number)", "1.0")) }
            try await site.test.runJobs()
            let first = try await site.document("search?order=newest")
            #expect((first["projects"] as? [Any])?.count == 20 && first["pages"] as? Int == 2 && first["previous"] is NSNull)
            let next = try #require(first["next"] as? String)
            let path = try #require(next.range(of: "/api/v1/")).upperBound
            let second = try await site.document(String(next[path...]))
            #expect((second["projects"] as? [Any])?.count == 5 && second["next"] is NSNull && second["order"] as? String == "newest")
            let previous = try #require(second["previous"] as? String)
            #expect(previous.contains("order=newest") && !previous.contains("page="))
            let names = [first, second].flatMap { $0["projects"] as? [[String: Any]] ?? [] }.compactMap { $0["normalized_name"] as? String }
            #expect(Set(names).count == 25)
        }
    }

    @Test func `searches are counted like those on the page`() async throws {
        try await Site.run { site in
            // On a busy machine the limit's time may be over before the other address is asked.
            for _ in 0..<5 {
                var last: RawResponse?
                for _ in 0..<2000 {
                    last = try await site.client.get("/api/v1/search?q=x")
                    if last?.status != 200 { break }
                }
                let answer = try #require(last)
                #expect(answer.status == 429 && answer["Content-Type"] == "application/problem+json" && answer["Retry-After"] != nil)
                if try await site.client.get("/search/?q=x").status == 429 { return }
            }
            Issue.record("the search page does not count what the API was asked")
        }
    }
}
