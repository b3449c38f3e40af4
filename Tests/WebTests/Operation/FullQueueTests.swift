// A database that is too slow for what is asked of it.

import Dispatch
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

@Suite struct FullQueueTests {
    @Test(.timeLimit(.minutes(2))) func `when every connection is stuck and enough wait, the next request is refused at once and told to come back`()
        async throws
    {
        try await Site.run { site in
            let db = site.test.db
            let size = db.load[0].size
            let limit = db.load[0].waitingLimit
            let gate = DispatchSemaphore(value: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<size { group.addTask { try await db.read { _ in gate.wait() } } }
                while db.load[0].busy < size { await Task.yield() }
                for _ in 0..<limit { group.addTask { try await db.read { _ in } } }
                while db.load[0].waiting < limit { await Task.yield() }
                do {
                    // Every connection stays stuck until the answers are there, so none of them can have waited for one.
                    for number in 1...10 {
                        let answer = try await site.client.get("/simple/unknown-\(number)/")
                        #expect(answer.status == 503)
                        #expect(answer["Retry-After"] == "5")
                        #expect(db.load[0].waiting == limit)
                    }
                    #expect(db.load[0].rejected >= 10)
                    #expect(try await site.client.get("/_health/").status == 200)
                    let metrics = try await site.client.metrics()
                    #expect(metrics.value("emporium_database_pool_waiting", ["pool": db.load[0].name]) == Double(limit))
                    #expect(try #require(metrics.value("emporium_database_pool_rejected_total", ["pool": db.load[0].name])) >= 10)
                } catch {
                    for _ in 0..<size { gate.signal() }
                    throw error
                }
                for _ in 0..<size { gate.signal() }
                try await group.waitForAll()
            }
            #expect(db.load[0].waiting == 0)
            #expect(try await site.client.get("/simple/unknown/").status == 404)
        }
    }
}
