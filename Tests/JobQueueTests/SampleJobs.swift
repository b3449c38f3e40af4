// The jobs and the table that the tests of the queue work with.

import Foundation
import JobQueue
import Logging
import SQLDatabase
import Synchronization
import TestSupport

let jobSchema = [Migration(1, "jobs", JobTable.schema + JobTable.schemaOfPriorities)]

/// What the sample jobs do, and the time they live in.
final class Workshop: Sendable {
    struct State {
        var now: Int64 = 1_000_000_000
        var log: [String] = []
        var failures: [String: Int] = [:]
        var running = 0
        var mostRunning = 0
    }

    private let state = Mutex(State())

    var now: Int64 { state.withLock { $0.now } }
    var log: [String] { state.withLock { $0.log } }
    var mostRunning: Int { state.withLock { $0.mostRunning } }

    func advance(_ duration: Duration) {
        state.withLock { $0.now += duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000 }
    }

    func note(_ text: String) { state.withLock { $0.log.append(text) } }

    func begin() {
        state.withLock {
            $0.running += 1
            $0.mostRunning = max($0.mostRunning, $0.running)
        }
    }

    func end() { state.withLock { $0.running -= 1 } }

    /// From now on `name` fails this often.
    func fail(_ name: String, times: Int) { state.withLock { $0.failures[name] = times } }

    func takeFailure(_ name: String) -> Bool {
        state.withLock { state in
            guard let left = state.failures[name], left > 0 else { return false }
            state.failures[name] = left - 1
            return true
        }
    }

    /// Waits until the log has `count` lines.
    ///
    /// - Returns: `false` when it took longer than ten seconds.
    func waits(for count: Int) async -> Bool {
        for _ in 0..<5000 {
            if log.count >= count { return true }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return false
    }
}

struct Failed: Error, CustomStringConvertible {
    let description: String
}

struct WriteNote: Job {
    static let kind = "write-note"
    static let formerKinds = ["note-down"]
    static let retry = RetryPolicy(attempts: 3, firstDelay: .seconds(10), longestDelay: .seconds(15))

    let text: String
    var key: String?
    var deduplicationKey: String? { key }

    func run(in workshop: Workshop) async throws {
        if workshop.takeFailure(text) { throw Failed(description: "\(text) went wrong") }
        workshop.note(text)
    }
}

struct SlowJob: Job {
    static let kind = "slow"
    let text: String
    let milliseconds: Int

    func run(in workshop: Workshop) async throws {
        workshop.note("\(text) began")
        workshop.begin()
        defer { workshop.end() }
        try await Task.sleep(for: .milliseconds(milliseconds))
        workshop.note("\(text) done")
    }
}

/// Lasts until the workshop's log says "let go".
struct HeldJob: Job {
    static let kind = "held"

    func run(in workshop: Workshop) async throws {
        workshop.note("held")
        while !workshop.log.contains("let go") {
            do {
                try await Task.sleep(for: .milliseconds(2))
            } catch {
                workshop.note("held, cancelled")
                throw error
            }
        }
    }
}

struct UrgentNote: Job {
    static let kind = "urgent-note"
    static let priority = JobPriority.urgent
    let text: String

    func run(in workshop: Workshop) async throws { workshop.note(text) }
}

struct LowNote: Job {
    static let kind = "low-note"
    static let priority = JobPriority.low
    let text: String

    func run(in workshop: Workshop) async throws { workshop.note(text) }
}

/// A kind that this program can write and not run.
struct UnknownJob: Job {
    static let kind = "from-the-future"
    func run(in workshop: Workshop) async throws {}
}

extension JobRunner where Context == Workshop {
    init(
        _ database: any Database,
        _ workshop: Workshop,
        schedule: JobSchedule<Workshop> = [],
        width: Int = 2,
        leaseTime: Duration = .seconds(60),
        pollInterval: Duration = .seconds(30)
    ) {
        var registry = JobRegistry<Workshop>()
        registry.register(WriteNote.self)
        registry.register(SlowJob.self)
        registry.register(HeldJob.self)
        registry.register(UrgentNote.self)
        registry.register(LowNote.self)
        self.init(
            database: database,
            registry: registry,
            schedule: schedule,
            context: workshop,
            now: { workshop.now },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            width: width,
            leaseTime: leaseTime,
            pollInterval: pollInterval
        )
    }
}

extension Database {
    /// The jobs as they stand: kind, attempt, error, whether parked.
    func jobRows() async throws -> [(kind: String, attempt: Int, error: String?, isParked: Bool, runAfter: Int64)] {
        try await query("SELECT kind, attempt, last_error, parked_at, run_after FROM jobs ORDER BY id").map { row in
            (
                try row["kind"], try row["attempt"], try row["last_error", as: String?.self], try row["parked_at", as: Int64?.self] != nil,
                try row["run_after"]
            )
        }
    }
}
