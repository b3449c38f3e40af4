// Jobs that come again and again, whatever the clock does.

import SQLDatabase
import TestSupport
import Testing

@testable import JobQueue

extension JobQueueTests {
    private static let everyFiveMinutes: JobSchedule<Workshop> = [
        ScheduledJob("note", cron: "*/5 * * * *", job: WriteNote(text: "tick"))
    ]

    /// Runs `body` with a runner that has an entry for every five minutes, at 00:20:00 of its first day, the entry being known and not due.
    private func withSchedule(_ body: (JobRunner<Workshop>, Workshop, any Database) async throws -> Void) async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            workshop.advance(.seconds(200))
            let runner = JobRunner(database, workshop, schedule: Self.everyFiveMinutes)
            #expect(try await runner.tick() == 0)
            try await body(runner, workshop, database)
        }
    }

    @Test func `a scheduled job runs once at each due time, for the first time at the first one after it was made known`() async throws {
        try await withSchedule { runner, workshop, _ in
            workshop.advance(.seconds(300) - .microseconds(1))
            let early = try await runner.tick()
            #expect(early == 0)
            workshop.advance(.microseconds(1))
            #expect(try await runner.tick() == 1)
            #expect(try await runner.tick() == 0)
            workshop.advance(.seconds(299))
            #expect(try await runner.tick() == 0)
            workshop.advance(.seconds(2))
            #expect(try await runner.tick() == 1)
            #expect(workshop.log == ["tick", "tick"])
        }
    }

    @Test func `of many processes one adds the job of a due time`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema, onDisk: true, connections: 4) { database in
            let workshop = Workshop()
            let runners = (0..<4).map { _ in JobRunner(database, workshop, schedule: Self.everyFiveMinutes) }
            for round in 0..<10 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for runner in runners { group.addTask { try await runner.addScheduled() } }
                    try await group.waitForAll()
                }
                #expect(try await runners[0].runDue() == (round == 0 ? 0 : 1))
                workshop.advance(.seconds(300))
            }
        }
    }

    @Test func `a running service tends its schedule`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            try await withRunning([JobRunner(database, workshop, schedule: Self.everyFiveMinutes, pollInterval: .milliseconds(20))]) {
                try await until { try await !database.query("SELECT name FROM job_schedule").isEmpty }
                workshop.advance(.seconds(300))
                #expect(await workshop.waits(for: 1))
            }
            #expect(workshop.log == ["tick"])
        }
    }

    @Test func `after days without a process a missed job runs once, and a job that still waits is not added again`() async throws {
        try await withSchedule { runner, workshop, database in
            workshop.advance(.seconds(10 * 86400 + 7))
            #expect(try await runner.tick() == 1)
            workshop.advance(.seconds(300))
            try await runner.addScheduled()
            workshop.advance(.seconds(300))
            try await runner.addScheduled()
            #expect(try await database.jobRows().count == 1)
            #expect(try await runner.runDue() == 1)
        }
    }

    @Test func `a clock set back by up to an hour repeats no run and stops none for longer`() async throws {
        try await withSchedule { runner, workshop, _ in
            workshop.advance(.seconds(305))
            #expect(try await runner.tick() == 1)
            // Back to before the due time it has just had.
            workshop.advance(.seconds(-10))
            #expect(try await runner.tick() == 0)
            workshop.advance(.seconds(10))
            #expect(try await runner.tick() == 0)
            workshop.advance(.seconds(-900))
            var runs = 0
            for _ in 0..<20 {
                workshop.advance(.seconds(60))
                runs += try await runner.tick()
            }
            // 00:30 only: until then every due time had been had.
            #expect(runs == 1)
        }
    }

    @Test func `a clock that jumps a year ahead and back again neither floods nor stalls`() async throws {
        try await withSchedule { runner, workshop, database in
            let year: Duration = .seconds(365 * 86400)
            workshop.advance(year)
            #expect(try await runner.tick() == 1)
            // Made by the wrong clock: two that were to run at once and in ten minutes, one that was taken, one that failed.
            workshop.fail("failed", times: 1)
            try await database.write { [now = workshop.now] tx in
                try tx.jobs.enqueue(WriteNote(text: "failed"), now: now - 1)
                try tx.jobs.enqueue(WriteNote(text: "in ten minutes"), now: now, runAfter: now + 600_000_000)
            }
            #expect(try await runner.runDue() == 1)
            try await database.write { [now = workshop.now] tx in
                try tx.jobs.enqueue(WriteNote(text: "taken"), now: now)
                _ = try tx.jobs.claim(now: now, leaseUntil: now + 60_000_000, lease: "dead")
                try tx.jobs.enqueue(WriteNote(text: "at once"), now: now)
            }
            workshop.advance(.zero - year)
            #expect(try await runner.tick() == 1)
            #expect(workshop.log == ["tick", "at once"])
            var runs: [Int] = []
            for _ in 0..<3 {
                workshop.advance(.seconds(300))
                runs.append(try await runner.tick())
            }
            #expect(runs == [3, 2, 1])
            #expect(workshop.log.sorted() == ["at once", "failed", "in ten minutes", "taken", "tick", "tick", "tick", "tick"])
        }
    }

    @Test func `a changed expression counts from now on, and a run that is due is not lost by it`() async throws {
        try await withSchedule { runner, workshop, database in
            let hourly: JobSchedule<Workshop> = [ScheduledJob("note", cron: "0 * * * *", job: WriteNote(text: "tick"))]
            let newer = JobRunner(database, workshop, schedule: hourly)
            let early = try await newer.tick()
            #expect(early == 0)
            workshop.advance(.seconds(300))
            #expect(try await newer.tick() == 0)
            workshop.advance(.seconds(2100))
            // 01:00, and an older process comes first.
            #expect(try await runner.tick() == 1)
            #expect(try await newer.tick() == 0)
            workshop.advance(.seconds(3600))
            #expect(try await newer.tick() == 1)
        }
    }

    // MARK: Expressions

    fileprivate struct Due: Sendable, CustomTestStringConvertible {
        let text: String
        /// Due times, counted in minutes since 1970-01-01 00:00, a Thursday.
        let minutes: [Int64]
        var testDescription: String { text }

        init(_ text: String, _ minutes: [Int64]) { (self.text, self.minutes) = (text, minutes) }
        init(_ text: String, days: [Int64]) { self.init(text, days.map { $0 * 1440 }) }
    }

    fileprivate static let dues = [
        Due("* * * * *", [1, 2, 3]), Due("*/20 * * * *", [20, 40, 60]), Due("5,10-20/5 1 * * *", [65, 70, 75, 80, 1505]),
        Due("0 0 * * *", days: [1, 2]), Due("30 4 1 * *", [270, 31 * 1440 + 270, 59 * 1440 + 270]),
        // Sunday is 0 and 7.
        Due("0 0 * * 0", days: [3, 10]), Due("0 0 * * 7", days: [3, 10]), Due("0 0 * * 6-7", days: [2, 3, 9]),
        // Both day fields: one is enough …
        Due("0 0 3 * 5", days: [1, 2, 8]),
        // … unless one begins with a star.
        Due("0 0 */2 * 5", days: [8, 22]),
        // Leap years: 1972, 1976.
        Due("0 0 29 2 *", days: [789, 2250]),
    ]

    @Test(arguments: dues) fileprivate func `an expression is due when cron would be`(due: Due) throws {
        let cron = try CronExpression(parsing: due.text)
        var (time, found) = (Int64(0), [Int64]())
        for _ in due.minutes {
            time = cron.next(after: time)
            found.append(time / 60_000_000)
        }
        #expect(found == due.minutes)
    }

    @Test func `the next due time is later than the time asked about, to the microsecond`() throws {
        let cron = try CronExpression(parsing: " 0  12 * * * ")
        #expect(cron.description == "0 12 * * *")
        let noon: Int64 = 43200 * 1_000_000
        #expect(cron.next(after: noon - 1) == noon)
        #expect(cron.next(after: noon) == noon + 86400 * 1_000_000)
        #expect(cron.next(after: -5) == noon)
        // 29 February falls on a Sunday in 2088 and, because 2100 is no leap year, not again before 2128.
        let rare = try CronExpression(parsing: "0 0 29 2 */7")
        #expect(rare.next(after: 3_728_851_200 * 1_000_000) == 4_991_068_800 * 1_000_000)
    }

    @Test(arguments: [
        ("* * * *", InvalidCronExpression.fieldCount(4)), ("", .fieldCount(0)), ("* * * * * *", .fieldCount(6)),
        ("60 * * * *", .outOfRange(.minute, "60")), ("* 24 * * *", .outOfRange(.hour, "24")), ("* * 0 * *", .outOfRange(.dayOfMonth, "0")),
        ("* * * 1-13 *", .outOfRange(.month, "1-13")), ("* * * * 8", .outOfRange(.dayOfWeek, "8")), ("5-1 * * * *", .item(.minute, "5-1")),
        ("*/0 * * * *", .item(.minute, "*/0")), ("5/10 * * * *", .item(.minute, "5/10")), ("1,,2 * * * *", .item(.minute, "")),
        ("-1 * * * *", .item(.minute, "-1")), ("* * * jan *", .item(.month, "jan")), ("*/ * * * *", .item(.minute, "*/")),
        ("99999 * * * *", .item(.minute, "99999")), ("0 0 30 2 *", .neverDue), ("0 0 31 4,6 *", .neverDue),
    ]) func `what is no expression is refused with its reason`(text: String, reason: InvalidCronExpression) {
        #expect(throws: reason) { try CronExpression(parsing: text) }
    }
}

extension JobRunner {
    /// What a running service does: adds what is due, and runs it.
    fileprivate func tick() async throws -> Int {
        try await addScheduled()
        return try await runDue()
    }
}
