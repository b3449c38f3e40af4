// The worker is killed in the middle of a job.

import Backends
import FaultPoints
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

#if DEBUG

@Suite(.timeLimit(.minutes(5))) struct WorkerCrashTests {
    @Test(arguments: TestEngine.engines)
    func `a job whose worker is killed stays leased to it, and another worker ends it after the lease`(engine: TestEngine) async throws {
        try await CrashSite.run(engine) { site in
            // An orphan for the job to sweep: the bytes lie there, and no row will ever point to them.
            try await site.start(fault: "\(FaultPoint.recordCommit.rawValue):kill").dieUnder(CrashMatrixTests.upload)
            try await site.withIndex { index in
                let now = index.clock.now()
                try await index.database.write { tx in
                    try tx.execute("UPDATE pending_files SET touched_at = \(now - 7_200_000_000)")
                    try tx.execute("UPDATE jobs SET run_after = \(now) WHERE kind = \(SweepOrphanFile.kind)")
                }
            }
            // This server's worker takes the job at once, and dies in it.
            do {
                _ = try await site.start(fault: "\(FaultPoint.sweepCommit.rawValue):kill").program.result()
            } catch is ProgramError {
                // It was dead before it could say that it is ready.
            }
            try await site.withIndex { index in
                let row = try #require(
                    try await index.database.query("SELECT attempt, lease, run_after FROM jobs WHERE kind = \(SweepOrphanFile.kind)").first
                )
                #expect(try row["attempt", as: Int.self] == 1 && row["lease", as: String?.self] != nil)
                #expect(try await CrashSite.files(in: index).count == 2)
                let end: Int64 = try row["run_after"]
                let (early, late) = try await index.database.write { tx in
                    // Looks without taking: whoever takes it must be the runner below.
                    let due = "SELECT COUNT(*) AS count FROM jobs WHERE kind = \(SweepOrphanFile.kind) AND run_after <= " as SQL
                    return (
                        try tx.execute(due + "\(end - 1)")[0]["count", as: Int.self], try tx.execute(due + "\(end)")[0]["count", as: Int.self]
                    )
                }
                #expect(early == 0 && late == 1)
            }
            try await site.sweep(after: .seconds(120))
            try await site.checkNothingIsLeft()
        }
    }
}

#endif
