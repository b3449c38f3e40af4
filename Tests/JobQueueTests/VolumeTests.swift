// Many jobs.

import SQLDatabase
import TestSupport
import Testing

@testable import JobQueue

extension JobQueueTests {
    /// The plan as the engine tells it.
    private func plan(of query: SQL, _ database: any Database) async throws -> String {
        let explain: SQL = "EXPLAIN \(sqlite: "QUERY PLAN", postgres: "") "
        return try await database.write { tx in
            try tx.execute(explain + query).map { try $0[tx.dialect == .sqlite ? "detail" : "QUERY PLAN", as: String.self] }.joined(separator: "\n")
        }
    }

    /// 100,000 jobs each: due and low; urgent, but in an hour; urgent and leased; urgent and parked.
    private func fill(_ database: any Database, now: Int64) async throws {
        let hour: Int64 = 3_600_000_000
        let states: [(priority: Int64, runAfter: Int64, lease: String?, parkedAt: Int64?)] = [
            (2, now - 60_000_000, nil, nil), (0, now + hour, nil, nil), (0, now + 60_000_000, "held", nil), (0, now - hour, nil, now - hour),
        ]
        for state in states {
            for part in 0..<4 as Range<Int64> {
                try await database.write { tx in
                    try tx.execute(
                        """
                        INSERT INTO jobs (kind, payload, priority, run_after, lease, parked_at, attempt, created_at)
                        WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 24999)
                        SELECT 'low-note', '{"text":"a"}', CAST(\(state.priority) AS BIGINT), CAST(\(state.runAfter) AS BIGINT) + i + \(part * 25000),
                            CAST(\(state.lease) AS TEXT), CAST(\(state.parkedAt) AS BIGINT), 0, CAST(\(now) AS BIGINT)
                        FROM n
                        """
                    )
                }
            }
        }
    }

    @Test func `among 400,000 jobs the next one is found by index`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            let now = workshop.now
            try await fill(database, now: now)
            for isAnalyzed in [false, true] {
                if isAnalyzed { try await database.write { try $0.execute("ANALYZE") } }
                for overdue in [nil, JobPriority.low] {
                    let claiming = JobTable.claiming(now: now, leaseUntil: now + 60_000_000, lease: "a", overdue: overdue)
                    let plan = try await plan(of: claiming, database)
                    let looks = plan.split(separator: "\n").filter { $0.contains("jobs_by_priority") }
                    #expect(looks.count == (overdue == nil ? 3 : 4), "\(plan)")
                    #expect(
                        !plan.contains("SCAN jobs") && !plan.contains("Seq Scan") && !plan.contains("TEMP B-TREE") && !plan.contains("Sort"),
                        "\(plan)"
                    )
                }
                let due = try await plan(of: JobTable.firstDue, database)
                #expect(due.split(separator: "\n").count { $0.contains("jobs_by_priority") } == 3, "\(due)")
                #expect(!due.contains("SCAN jobs") && !due.contains("Seq Scan") && !due.contains("Sort"), "\(due)")
            }
            // What a plan does not say: how much of the index is read. Only PostgreSQL tells.
            if TestEngine.current == .postgres {
                let claiming = JobTable.claiming(now: now, leaseUntil: now + 60_000_000, lease: "a", overdue: .normal)
                let lines = try await database.write { tx in
                    try tx.execute("EXPLAIN (ANALYZE, BUFFERS) " + claiming).map { try $0["QUERY PLAN", as: String.self] }
                }
                let buffers = lines.first { $0.contains("Buffers:") }?.split(separator: "=").last.flatMap { Int($0.prefix { $0.isNumber }) }
                #expect((buffers ?? .max) < 100, "\(lines)")
            }
            try await database.write { try $0.jobs.enqueue(UrgentNote(text: "now"), now: now) }
            let (clock, runs) = (ContinuousClock(), 200)
            var times: [Duration] = []
            for run in 0..<runs {
                let began = clock.now
                let claim = try await database.write {
                    try $0.jobs.claim(now: now, leaseUntil: now + 60_000_000, lease: "worker", overdue: run % 4 == 3 ? .low : nil)
                }
                times.append(clock.now - began)
                #expect(claim?.kind == (run == 0 ? "urgent-note" : "low-note"))
            }
            let began = clock.now
            #expect(try await database.read { try $0.jobs.nextDue() } != nil)
            let nextDue = clock.now - began
            times.sort()
            let statisticsBegan = clock.now
            let statistics = try await database.read { try $0.jobs.statistics(now: now) }
            #expect(statistics.reduce(0) { $0 + $1.waiting + $1.running + $1.parked } == 100_000)
            print(
                "\(TestEngine.current), 400,000 jobs: a claim takes \(times[runs / 2]) (median), \(times[runs * 99 / 100]) (99 of 100);",
                "nextDue \(nextDue); statistics of 100,000 rows \(clock.now - statisticsBegan)"
            )
        }
    }

    @Test func `100,000 queued jobs do not keep an urgent one waiting`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema, onDisk: true) { database in
            let workshop = Workshop()
            try await fill(database, now: workshop.now)
            try await withRunning([JobRunner(database, workshop)]) {
                #expect(await workshop.waits(for: 10))
                try await database.write { try $0.jobs.enqueue(UrgentNote(text: "purge"), now: workshop.now) }
                try await until { workshop.log.contains("purge") }
                #expect(workshop.log.count < 100_000)
            }
        }
    }
}
