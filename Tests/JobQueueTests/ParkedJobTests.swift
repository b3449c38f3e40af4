// Jobs that failed for the last time, and the counts.

import JobQueue
import SQLDatabase
import TestSupport
import Testing

extension JobQueueTests {
    /// Parks one job at the given time.
    private func park(_ job: WriteNote, at time: Int64, _ database: any Database) async throws {
        try await database.write { tx in
            try tx.jobs.enqueue(job, now: time)
            let claim = try #require(try tx.jobs.claim(now: time, leaseUntil: time + 1, lease: "a"))
            try tx.jobs.park(claim, error: "\(job.text) is broken", now: time)
        }
    }

    @Test func `parked jobs are listed with their errors, the latest first, page by page`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            for (time, text) in [(10, "a"), (20, "b"), (20, "c"), (30, "d")] as [(Int64, String)] {
                try await park(WriteNote(text: text), at: time, database)
            }
            let first = try await database.read { try $0.jobs.parked(limit: 2) }
            #expect(first.map(\.error) == ["d is broken", "c is broken"])
            #expect(first[0].kind == "write-note" && first[0].attempts == 1 && first[0].createdAt == 30 && first[0].parkedAt == 30)
            #expect(first[0].payload == #"{"text":"d"}"#)
            let second = try await database.read { try $0.jobs.parked(limit: 2, after: first[1]) }
            #expect(second.map(\.error) == ["b is broken", "a is broken"])
            #expect(try await database.read { try $0.jobs.parked(limit: 2, after: second[1]) }.isEmpty)
        }
    }

    @Test func `a parked job can be run again with all its tries, or be deleted; others can not`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await park(WriteNote(text: "a"), at: workshop.now, database)
            try await park(WriteNote(text: "b"), at: workshop.now, database)
            let ids = try await database.read { try $0.jobs.parked() }.map(\.id).sorted()
            #expect(try await database.write { try $0.jobs.unpark(id: ids[0], now: workshop.now) })
            #expect(try await database.write { try $0.jobs.unpark(id: ids[0], now: workshop.now) } == false)
            #expect(try await database.write { try $0.jobs.deleteParked(id: ids[0]) } == false)
            #expect(try await database.jobRows().map(\.attempt) == [0, 1])
            #expect(try await database.write { try $0.jobs.deleteParked(id: ids[1]) })
            try await JobRunner(database, workshop).runDue()
            #expect(workshop.log == ["a"])
            #expect(try await database.jobRows().isEmpty)
        }
    }

    @Test func `a parked job whose key waits already gives way to the one that waits`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            try await park(WriteNote(text: "a", key: "k"), at: 10, database)
            try await database.write { try $0.jobs.enqueue(WriteNote(text: "a", key: "k"), now: 20) }
            let id = try #require(try await database.read { try $0.jobs.parked() }.first).id
            #expect(try await database.write { try $0.jobs.unpark(id: id, now: 30) })
            let rows = try await database.jobRows()
            #expect(rows.map(\.isParked) == [false] && rows.map(\.runAfter) == [20])
        }
    }

    @Test func `old parked jobs are pruned, a few at a time, and nothing else is`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            for time in [10, 20, 30, 40] as [Int64] { try await park(WriteNote(text: "\(time)"), at: time, database) }
            try await database.write { tx in
                try tx.jobs.enqueue(WriteNote(text: "waits"), now: 5)
                try tx.execute("INSERT INTO job_schedule (name, cron, next_due) VALUES ('forgotten', '* * * * *', 39), ('tended', '* * * * *', 40)")
            }
            #expect(try await database.write { try $0.jobs.prune(before: 40, limit: 2) } == 2)
            #expect(try await database.write { try $0.jobs.prune(before: 40, limit: 2) } == 1)
            #expect(try await database.write { try $0.jobs.prune(before: 40, limit: 2) } == 0)
            #expect(try await database.read { try $0.jobs.parked() }.map(\.parkedAt) == [40])
            #expect(try await database.jobRows().count == 2)
            #expect(try await database.query("SELECT name FROM job_schedule").map { try $0["name", as: String.self] } == ["tended"])
        }
    }

    @Test func `the statistics say per kind what waits, runs and is parked, and how old the oldest due job is`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let second: Int64 = 1_000_000
            try await park(WriteNote(text: "parked"), at: 10 * second, database)
            try await database.write { tx in
                try tx.jobs.enqueue(UrgentNote(text: "running"), now: 20 * second)
                _ = try tx.jobs.claim(now: 20 * second, leaseUntil: 100 * second, lease: "living")
                try tx.jobs.enqueue(UrgentNote(text: "abandoned"), now: 20 * second)
                _ = try tx.jobs.claim(now: 20 * second, leaseUntil: 40 * second, lease: "dead")
                try tx.jobs.enqueue(WriteNote(text: "due"), now: 30 * second)
                try tx.jobs.enqueue(WriteNote(text: "later"), now: 30 * second, runAfter: 60 * second)
                try tx.jobs.enqueue(LowNote(text: "later"), now: 30 * second, runAfter: 60 * second)
            }
            let all = try await database.read { try $0.jobs.statistics(now: 50 * second) }
            #expect(all.map(\.kind) == ["low-note", "urgent-note", "write-note"])
            #expect(all.map(\.waiting) == [1, 1, 2])
            #expect(all.map(\.running) == [0, 1, 0])
            #expect(all.map(\.parked) == [0, 0, 1])
            #expect(all.map(\.oldestDueAge) == [nil, 10, 20])
            #expect(try await database.read { try $0.jobs.statistics(now: 50 * second, limit: 1) }.map(\.parked) == [1])
        }
    }
}
