// Which due job comes first.

import JobQueue
import SQLDatabase
import TestSupport
import Testing

extension JobQueueTests {
    @Test func `urgent jobs come first, low ones last, and among equals the one due for longest`() async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { tx in
                let now = workshop.now
                try tx.jobs.enqueue(LowNote(text: "low"), now: now, runAfter: now - 5)
                try tx.jobs.enqueue(WriteNote(text: "normal 2"), now: now, runAfter: now - 1)
                try tx.jobs.enqueue(WriteNote(text: "normal 1"), now: now, runAfter: now - 3)
                try tx.jobs.enqueue(WriteNote(text: "normal 3"), now: now, runAfter: now - 1)
                try tx.jobs.enqueue(UrgentNote(text: "urgent"), now: now)
                try tx.jobs.enqueue(UrgentNote(text: "urgent, later"), now: now, runAfter: now + 1)
            }
            try await JobRunner(database, workshop).runDue()
            #expect(workshop.log == ["urgent", "normal 1", "normal 2", "normal 3", "low"])
        }
    }

    @Test(arguments: [(15 * 60, 3), (15 * 60 - 1, 11)]) func `a low job that has been due for 15 minutes is taken in spite of a flood of urgent ones`(
        seconds: Int64,
        place: Int
    ) async throws {
        try await TestEngine.current.withDatabase(migrations: jobSchema) { database in
            let workshop = Workshop()
            try await database.write { tx in
                try tx.jobs.enqueue(LowNote(text: "low"), now: workshop.now, runAfter: workshop.now - seconds * 1_000_000)
                try tx.jobs.enqueue(WriteNote(text: "normal"), now: workshop.now)
                for number in 0..<10 { try tx.jobs.enqueue(UrgentNote(text: "urgent \(number)"), now: workshop.now) }
            }
            try await JobRunner(database, workshop).runDue()
            #expect(workshop.log.firstIndex(of: "low") == place)
            #expect(workshop.log.count == 12)
        }
    }
}
