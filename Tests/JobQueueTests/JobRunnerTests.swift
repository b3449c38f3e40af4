// Jobs, run.

import JobQueue
import Logging
import SQLDatabase
import ServiceLifecycle
import TestSupport
import Testing

extension JobQueueTests {
    /// Runs `runners` as services, as the program does, while `body` runs.
    func withRunning(_ runners: [JobRunner<Workshop>], _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: runners.map { .init(service: $0) },
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        let running = Task { try await group.run() }
        do {
            try await body()
        } catch {
            running.cancel()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    @Test(arguments: [TestEngine.current]) func `a job runs once and is gone`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            let runner = JobRunner(database, workshop)
            try await database.write { tx in
                try tx.jobs.enqueue(WriteNote(text: "a"), now: workshop.now)
                try tx.jobs.enqueue(WriteNote(text: "later"), now: workshop.now, runAfter: workshop.now + 60_000_000)
            }
            #expect(try await runner.runDue() == 1)
            #expect(try await runner.runDue() == 0)
            #expect(workshop.log == ["a"])
            workshop.advance(.seconds(60))
            #expect(try await runner.runDue() == 1)
            #expect(workshop.log == ["a", "later"])
            #expect(try await database.jobRows().isEmpty)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a failed job is tried again after longer and longer pauses, then parked with its error`(
        _ engine: TestEngine
    ) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            let runner = JobRunner(database, workshop)
            workshop.fail("a", times: 3)
            try await database.write { try $0.jobs.enqueue(WriteNote(text: "a"), now: workshop.now) }
            for pause in [10, 15] as [Int64] {
                #expect(try await runner.runDue() == 1)
                let row = try #require(try await database.jobRows().first)
                #expect(row.runAfter == workshop.now + pause * 1_000_000)
                #expect(row.error == "a went wrong")
                #expect(!row.isParked)
                workshop.advance(.seconds(pause) - .microseconds(1))
                #expect(try await runner.runDue() == 0)
                workshop.advance(.microseconds(1))
            }
            #expect(try await runner.runDue() == 1)
            let row = try #require(try await database.jobRows().first)
            #expect(row.isParked)
            #expect(row.attempt == 3)
            #expect(row.error == "a went wrong")
            workshop.advance(.seconds(100_000))
            #expect(try await runner.runDue() == 0)
            #expect(workshop.log == [])
        }
    }

    @Test(arguments: [TestEngine.current]) func `a job that fails once succeeds the next time`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            let runner = JobRunner(database, workshop)
            workshop.fail("a", times: 1)
            try await database.write { try $0.jobs.enqueue(WriteNote(text: "a", key: "k"), now: workshop.now) }
            try await runner.runDue()
            workshop.advance(.seconds(10))
            try await runner.runDue()
            #expect(workshop.log == ["a"])
            #expect(try await database.jobRows().isEmpty)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a kind that nobody knows waits for a version that does, and is parked when none came`(
        _ engine: TestEngine
    ) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { tx in
                try tx.jobs.enqueue(UnknownJob(), now: workshop.now)
                try tx.jobs.enqueue(WriteNote(text: "a"), now: workshop.now)
            }
            let runner = JobRunner(database, workshop)
            try await runner.runDue()
            #expect(workshop.log == ["a"])
            #expect(try await database.jobRows().first?.isParked == false)
            for _ in 1..<RetryPolicy.standard.attempts {
                workshop.advance(.seconds(3601))
                try await runner.runDue()
            }
            let row = try #require(try await database.jobRows().first)
            #expect(row.isParked)
            #expect(row.error?.contains("from-the-future") == true)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a payload that can not be read fails like any other job`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { tx in
                try tx.execute(
                    "INSERT INTO jobs (kind, payload, run_after, created_at) VALUES ('write-note', \("{\"txt\":1}"), \(workshop.now), \(workshop.now))"
                )
            }
            try await JobRunner(database, workshop).runDue()
            let row = try #require(try await database.jobRows().first)
            #expect(row.attempt == 1)
            #expect(row.error?.contains("text") == true)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a job stored under a former name runs`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { tx in
                try tx.execute(
                    "INSERT INTO jobs (kind, payload, run_after, created_at) VALUES ('note-down', \("{\"text\":\"old\"}"), \(workshop.now), \(workshop.now))"
                )
            }
            try await JobRunner(database, workshop).runDue()
            #expect(workshop.log == ["old"])
        }
    }

    @Test(arguments: [TestEngine.current]) func `the job of a worker that died is run by another`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { try $0.jobs.enqueue(WriteNote(text: "a"), now: workshop.now) }
            let until = workshop.now + 60_000_000
            let dead = try await database.write { try $0.jobs.claim(now: workshop.now, leaseUntil: until, lease: "dead") }
            #expect(dead != nil)
            let runner = JobRunner(database, workshop)
            #expect(try await runner.runDue() == 0)
            workshop.advance(.seconds(60))
            #expect(try await runner.runDue() == 1)
            #expect(workshop.log == ["a"])
        }
    }

    @Test(arguments: [TestEngine.current]) func `a running service hears of new jobs at once`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            try await withRunning([JobRunner(database, workshop)]) {
                try await database.write { try $0.jobs.enqueue(WriteNote(text: "first"), now: workshop.now) }
                #expect(await workshop.waits(for: 1))
                // By now the workers sleep; the poll interval is far away.
                try await Task.sleep(for: .milliseconds(100))
                try await database.write { try $0.jobs.enqueue(WriteNote(text: "second"), now: workshop.now) }
                #expect(await workshop.waits(for: 2))
            }
            #expect(workshop.log == ["first", "second"])
        }
    }

    @Test(arguments: [TestEngine.current]) func `two runners share the work and never run a job twice`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema, onDisk: true, connections: 4) { database in
            let workshop = Workshop()
            let names = (0..<40).map { "job \($0)" }
            try await database.write { tx in for name in names { try tx.jobs.enqueue(WriteNote(text: name), now: workshop.now) } }
            try await withRunning([JobRunner(database, workshop), JobRunner(database, workshop)]) {
                #expect(await workshop.waits(for: 40))
            }
            #expect(workshop.log.sorted() == names.sorted())
            #expect(try await database.jobRows().isEmpty)
        }
    }

    @Test(arguments: [TestEngine.current]) func `a runner runs as many jobs at once as it is wide`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema, onDisk: true, connections: 4) { database in
            let workshop = Workshop()
            try await database.write { tx in
                for number in 0..<6 { try tx.jobs.enqueue(SlowJob(text: "\(number)", milliseconds: 60), now: workshop.now) }
            }
            try await withRunning([JobRunner(database, workshop, width: 3)]) { #expect(await workshop.waits(for: 12)) }
            #expect((2...3).contains(workshop.mostRunning))
        }
    }

    @Test(arguments: [TestEngine.current]) func `a shutdown waits for the running job and starts no other`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            try await database.write { tx in
                try tx.jobs.enqueue(SlowJob(text: "slow", milliseconds: 150), now: workshop.now)
                try tx.jobs.enqueue(WriteNote(text: "next"), now: workshop.now)
            }
            try await withRunning([JobRunner(database, workshop, width: 1)]) { #expect(await workshop.waits(for: 1)) }
            #expect(workshop.log == ["slow began", "slow done"])
            #expect(try await database.jobRows().map(\.kind) == ["write-note"])
        }
    }

    @Test func `a job that takes longer than its lease keeps it, and no other worker gets it`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            try await database.write { try $0.jobs.enqueue(HeldJob(), now: workshop.now) }
            let (runner, other) = (JobRunner(database, workshop, leaseTime: .milliseconds(90)), JobRunner(database, workshop))
            async let count = runner.runDue()
            #expect(await workshop.waits(for: 1))
            for _ in 0..<5 {
                // Time goes on until the very end of the lease; only then can it be seen to grow.
                let end: Int64 = try #require(try await database.query("SELECT run_after FROM jobs").first)["run_after"]
                workshop.advance(.microseconds(end - 1 - workshop.now))
                #expect(try await other.runDue() == 0)
                try await until { try await database.query("SELECT id FROM jobs WHERE run_after > \(end)").count == 1 }
            }
            workshop.note("let go")
            #expect(try await count == 1)
            #expect(workshop.log == ["held", "let go"])
            #expect(try await database.jobRows().isEmpty)
        }
    }

    @Test func `a job whose lease was lost is cancelled, and its worker writes nothing about it`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            try await database.write { try $0.jobs.enqueue(HeldJob(), now: workshop.now) }
            let runner = JobRunner(database, workshop, leaseTime: .milliseconds(300))
            async let count = runner.runDue()
            #expect(await workshop.waits(for: 1))
            // Its worker seems dead: time jumps past the lease.
            var heir: JobTable.Claim?
            while heir == nil {
                workshop.advance(.seconds(1))
                heir = try await database.write { [now = workshop.now] in
                    try $0.jobs.claim(now: now, leaseUntil: now + 3_600_000_000, lease: "heir")
                }
            }
            #expect(try await count == 1)
            #expect(workshop.log == ["held", "held, cancelled"])
            let row = try #require(try await database.jobRows().first)
            #expect(row.attempt == 2 && row.error == nil && !row.isParked)
            #expect(try await database.query("SELECT lease FROM jobs")[0]["lease"] == "heir")
        }
    }

    @Test func `a job that always fails is parked while others go on`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            let runner = JobRunner(database, workshop)
            workshop.fail("poison", times: .max)
            try await database.write { tx in
                for text in ["poison", "a", "b"] { try tx.jobs.enqueue(WriteNote(text: text), now: workshop.now) }
            }
            #expect(try await runner.runDue() == 3)
            #expect(workshop.log == ["a", "b"])
            for text in ["c", "d", "e"] {
                workshop.advance(.seconds(60))
                try await database.write { try $0.jobs.enqueue(WriteNote(text: text), now: workshop.now) }
                try await runner.runDue()
            }
            #expect(workshop.log == ["a", "b", "c", "d", "e"])
            let rows = try await database.jobRows()
            #expect(rows.map(\.isParked) == [true] && rows.map(\.attempt) == [3] && rows.map(\.error) == ["poison went wrong"])
        }
    }

    @Test func `a job that kills its worker each time is parked without another try`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { tx in
                try tx.jobs.enqueue(WriteNote(text: "deadly"), now: workshop.now)
                try tx.jobs.enqueue(WriteNote(text: "a"), now: workshop.now + 1)
            }
            for life in 1...3 {
                // A worker that is never heard of again.
                let claim = try await database.write { [now = workshop.now] in
                    try $0.jobs.claim(now: now, leaseUntil: now + 60_000_000, lease: "life \(life)")
                }
                #expect(claim?.attempt == life && claim?.payload.contains("deadly") == true)
                workshop.advance(.seconds(60))
                guard life < 3 else { break }
                // The other one is older by now; it stays, to be run by a living worker.
                try await database.write { try $0.execute("UPDATE jobs SET run_after = \(workshop.now) WHERE lease IS NULL") }
            }
            try await JobRunner(database, workshop).runDue()
            #expect(workshop.log == ["a"])
            let row = try #require(try await database.jobRows().first)
            #expect(row.isParked && row.error?.contains("died on each of 3") == true)
        }
    }

    @Test func `the pause doubles up to the longest`() {
        let policy = RetryPolicy(attempts: 9, firstDelay: .seconds(15), longestDelay: .seconds(100))
        #expect((1...6).map { policy.delay(after: $0) } == [15, 30, 60, 100, 100, 100].map { .seconds($0) })
    }
}
