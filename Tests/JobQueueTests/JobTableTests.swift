// The rules of the table, without a runner.

import JobQueue
import SQLDatabase
import TestSupport
import Testing

extension JobQueueTests {
    private func claim(_ database: any Database, now: Int64, until: Int64, lease: String = "a") async throws -> JobTable.Claim? {
        try await database.write { try $0.jobs.claim(now: now, leaseUntil: until, lease: lease) }
    }

    @Test(arguments: [TestEngine.current]) func `a job of a transaction that fails does not exist`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            await #expect(throws: Failed.self) {
                try await database.write { tx in
                    try tx.jobs.enqueue(WriteNote(text: "lost"), now: 1)
                    throw Failed(description: "no")
                }
            }
            #expect(try await database.jobRows().isEmpty)
            let claimed = try await claim(database, now: 5, until: 10)
            #expect(claimed == nil)
        }
    }

    @Test(arguments: [TestEngine.current]) func `jobs are taken in the order they fall due, and not before`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            try await database.write { tx in
                try tx.jobs.enqueue(WriteNote(text: "late"), now: 1, runAfter: 30)
                try tx.jobs.enqueue(WriteNote(text: "second"), now: 10)
                try tx.jobs.enqueue(WriteNote(text: "first"), now: 5)
            }
            #expect(try await database.read { try $0.jobs.nextDue() } == 5)
            let first = try #require(try await claim(database, now: 20, until: 100))
            #expect(first.payload.contains("first"))
            #expect(first.attempt == 1)
            #expect(try await claim(database, now: 20, until: 100)?.payload.contains("second") == true)
            #expect(try await claim(database, now: 20, until: 100) == nil)
            #expect(try await database.read { try $0.jobs.nextDue() } == 30)
            #expect(try await claim(database, now: 30, until: 100)?.payload.contains("late") == true)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a lease that ran out makes the job claimable again, and its old holder has no say`(
        _ engine: TestEngine
    ) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            try await database.write { try $0.jobs.enqueue(WriteNote(text: "a"), now: 1) }
            let dead = try #require(try await claim(database, now: 10, until: 20, lease: "dead"))
            #expect(try await claim(database, now: 19, until: 30, lease: "early") == nil)
            #expect(try await database.write { try $0.jobs.extend(dead, until: 25) })
            #expect(try await claim(database, now: 24, until: 30, lease: "early") == nil)
            let heir = try #require(try await claim(database, now: 25, until: 40, lease: "heir"))
            #expect(heir.attempt == 2)
            #expect(try await database.write { try $0.jobs.extend(dead, until: 99) } == false)
            try await database.write { tx in
                try tx.jobs.finish(dead)
                try tx.jobs.park(dead, error: "x", now: 1)
                try tx.jobs.retry(dead, error: "x", runAfter: 1)
            }
            #expect(try await database.jobRows().map(\.isParked) == [false])
            #expect(try await database.jobRows().map(\.error) == [nil])
            #expect(try await claim(database, now: 30, until: 50) == nil)
            try await database.write { try $0.jobs.finish(heir) }
            #expect(try await database.jobRows().isEmpty)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a waiting job with the same key is not added twice; a running one does not count`(
        _ engine: TestEngine
    ) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let job = WriteNote(text: "a", key: "k")
            #expect(try await database.write { try $0.jobs.enqueue(job, now: 1) })
            #expect(try await database.write { try $0.jobs.enqueue(job, now: 2) } == false)
            #expect(try await database.write { try $0.jobs.enqueue(WriteNote(text: "b", key: "other"), now: 3) })
            #expect(try await database.write { try $0.jobs.enqueue(WriteNote(text: "c"), now: 3) })
            #expect(try await database.write { try $0.jobs.enqueue(WriteNote(text: "c"), now: 3) })
            let running = try #require(try await claim(database, now: 10, until: 20))
            // It may have read its data before this change.
            #expect(try await database.write { try $0.jobs.enqueue(job, now: 11) })
            // The waiting one will do the work of the failed one.
            try await database.write { try $0.jobs.retry(running, error: "x", runAfter: 12) }
            #expect(try await database.jobRows().count == 4)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a waiting job is cancelled by its key and a running one goes on`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            try await database.write { tx in
                try tx.jobs.enqueue(WriteNote(text: "a", key: "k"), now: 1)
                try tx.jobs.enqueue(WriteNote(text: "b", key: "other"), now: 2)
            }
            try await database.write { try $0.jobs.cancel(kind: WriteNote.kind, deduplicationKey: "other") }
            #expect(try await database.jobRows().count == 1)
            let claimed = try #require(try await claim(database, now: 5, until: 10))
            try await database.write { try $0.jobs.cancel(kind: WriteNote.kind, deduplicationKey: "k") }
            #expect(try await database.write { try $0.jobs.extend(claimed, until: 20) })
        }
    }

    @Test(arguments: [TestEngine.current]) func `many who claim at once never get the same job`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema, onDisk: true, connections: 4) { database in
            try await database.write { tx in for number in 0..<40 { try tx.jobs.enqueue(WriteNote(text: "\(number)"), now: 1) } }
            let ids = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        var ids: [Int64] = []
                        while let claim = try await claim(database, now: 5, until: 1000, lease: "worker \(worker)") { ids.append(claim.id) }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(ids.count == 40)
            #expect(Set(ids).count == 40)
        }
    }

    @Test(arguments: [TestEngine.current]) func `the counts tell waiting from parked`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            try await database.write { tx in for number in 0..<3 { try tx.jobs.enqueue(WriteNote(text: "\(number)"), now: 1) } }
            let claimed = try #require(try await claim(database, now: 5, until: 10))
            try await database.write { try $0.jobs.park(claimed, error: "broken", now: 6) }
            let (waiting, parked) = try await database.read { try $0.jobs.counts() }
            #expect(waiting == 2)
            #expect(parked == 1)
            #expect(try await database.jobRows()[0].error == "broken")
        }
    }
}
