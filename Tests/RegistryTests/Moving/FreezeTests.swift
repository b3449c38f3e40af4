import Foundation
import Packaging
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct FreezeTests {
    @Test func `a frozen index is read, and refuses uploads, jobs and everything else until it is opened or its time is over`() async throws {
        try await TestIndex.run { test in
            try await publishSome(test, ["1.0"])
            let token = try await test.token()
            let now = test.clock.clock.now()
            for state in [Freeze.State.forGood, .arriving, .until(now + 60_000_000)] {
                try await test.engine.write { try $0.freeze.set(state) }
                let rejection = await #expect(throws: Rejection.self) { try await test.publish(.wheel("one", "5.0"), token: token) }
                #expect(rejection?.reason == .unavailable)
                let refused = await #expect(throws: DatabaseError.self) { try await test.user("bob") }
                #expect(refused?.kind == .readOnly)
                await #expect(throws: DatabaseError.self) { try await test.runJobs() }
                let page = try await test.index.simplePage(of: .init(normalizing: "one"), format: .html)
                #expect(page != nil)
                let readiness = await test.index.checkReadiness()
                #expect(readiness.faults.isEmpty && readiness.notes.count == 1)
            }
            test.clock.advance(by: .seconds(61))
            try await test.publish(.wheel("one", "5.0"), token: token)
            try await test.engine.write { try $0.freeze.set(.forGood) }
            try await test.engine.write { try $0.freeze.set(.open) }
            try await test.publish(.wheel("one", "6.0"), token: token)
        }
    }

    // On SQLite writers exclude each other anyway.
    @Test func `freezing waits for what is being written, and what begins then is refused`() async throws {
        let test = try await TestEngine.postgres.makeDatabase(migrations: AllMigrations.list, connections: 4)
        let caches = PageCaches()
        let database = TaggingDatabase(test.database, caches: caches, now: { 0 })
        let (isWriting, mayEnd) = (Gate(places: 0), DispatchSemaphore(value: 0))
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                try await database.write { tx in
                    try tx.execute("INSERT INTO counters (name, value) VALUES ('before', 1)")
                    isWriting.leave()
                    mayEnd.wait()
                }
                return "written"
            }
            await isWriting.enter()
            group.addTask {
                try await test.database.write { try $0.freeze.set(.forGood) }
                return "frozen"
            }
            // It waits: one that holds the row is at work.
            while try await test.database.query("SELECT 1 AS waits FROM pg_locks WHERE NOT granted").isEmpty { await Task.yield() }
            mayEnd.signal()
            var order: [String] = []
            for try await word in group { order.append(word) }
            #expect(Set(order) == ["written", "frozen"])
        }
        let fault = await #expect(throws: DatabaseError.self) {
            try await database.write { try $0.execute("INSERT INTO counters (name, value) VALUES ('after', 1)") }
        }
        #expect(fault?.kind == .readOnly)
        let names = try await test.database.query("SELECT name FROM counters").map { try $0[at: 0, as: String.self] }
        #expect(names.contains("before") && !names.contains("after"))
        await test.drop()
    }
}
