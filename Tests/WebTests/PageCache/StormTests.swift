// More misses than the database can take.

import Dispatch
import Registry
import SQLDatabase
import Synchronization
import TestSupport
import Testing
import Web

struct StormTests {
    @Test(.timeLimit(.minutes(2)))
    func `while the database is stuck, pages from memory still answer, and those who ask for one page wait in one place`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("hot", "1"))
            try await site.publish(.wheel("cold", "1"))
            _ = try await site.client.get("/simple/hot/")
            let db = site.test.db
            let size = db.load[0].size
            let gate = DispatchSemaphore(value: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<size { group.addTask { try await db.read { _ in gate.wait() } } }
                while db.load[0].busy < size { await Task.yield() }
                let waiting = db.load[0].waiting
                for _ in 0..<20 {
                    group.addTask {
                        let page = try await site.client.get("/simple/cold/")
                        #expect(page.status == 200)
                    }
                }
                while db.load[0].waiting == waiting { await Task.yield() }
                for _ in 0..<20 { #expect(try await site.client.get("/simple/hot/").status == 200) }
                #expect(db.load[0].waiting == waiting + 1, "twenty who ask for the same page are one question")
                for _ in 0..<size { gate.signal() }
                try await group.waitForAll()
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `when nothing at all is kept, every answer is right or says when to come again`() async throws {
        var settings = WebSettings()
        settings.pageCacheSize = 0
        try await Site.run(web: settings) { site in
            for project in 0..<20 { try await site.publish(.wheel("project\(project)", "1")) }
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for client in 0..<16 {
                    group.addTask {
                        var statuses: [Int] = []
                        for number in 0..<60 {
                            let project = (client + number * 7) % 20
                            let page = try await site.client.get(
                                "/simple/project\(project)/",
                                ["Accept": number.isMultiple(of: 2) ? v1JSON : "text/html"]
                            )
                            statuses.append(page.status)
                            if page.status == 200 { #expect(page.text.contains("project\(project)-1-py3-none-any.whl")) }
                            if page.status == 503 { #expect(page["Retry-After"] != nil) }
                        }
                        return statuses
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(statuses.count == 960)
            #expect(Set(statuses).isSubset(of: [200, 503]))
            #expect(statuses.contains(200))
            let metrics = try await site.client.metrics()
            #expect(metrics.value("emporium_page_cache_bytes") == 0)
        }
    }
}
