import JobQueue
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

@Suite struct AllJobsTests {
    @Test func `every scheduled job is of a known kind and runs on an empty index`() async throws {
        try await TestIndex.run { test in
            let runner = JobRunner(
                database: test.db,
                registry: AllJobs.registry,
                schedule: AllJobs.schedule,
                context: test.index,
                now: test.clock.clock.now,
                logger: test.index.logger
            )
            try await runner.addScheduled()
            #expect(try await runner.runDue() == 0)
            // Longer than any pause between two due times.
            test.clock.advance(by: .seconds(32 * 86400))
            try await runner.addScheduled()
            #expect(try await runner.runDue() == AllJobs.schedule.entries.count)
            #expect(try await test.db.query("SELECT id FROM jobs").isEmpty)
        }
    }

    @Test func `jobs that failed 90 days ago are forgotten, later ones are not`() async throws {
        try await TestIndex.run { test in
            let (now, day) = (test.clock.clock.now(), 86400 * 1_000_000 as Int64)
            try await test.db.write { tx in
                for parkedAt in [now - 91 * day, now - 90 * day - 1, now - 89 * day] {
                    try tx.jobs.enqueue(CheckForTypo(projectID: parkedAt), now: parkedAt)
                    let claim = try #require(try tx.jobs.claim(now: parkedAt, leaseUntil: parkedAt + 1, lease: "a"))
                    try tx.jobs.park(claim, error: "broken", now: parkedAt)
                }
                try tx.jobs.enqueue(PruneJobs(), now: now)
            }
            try await test.runJobs()
            let left = try await test.db.read { try $0.jobs.parked() }
            #expect(left.map(\.parkedAt) == [now - 89 * day])
            for job in left { try await test.db.write { try $0.jobs.deleteParked(id: job.id) } }
        }
    }
}
