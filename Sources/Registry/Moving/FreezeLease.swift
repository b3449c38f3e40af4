// Freezes an index as long as somebody works on it.

import SQLDatabase
import Synchronization

/// A freeze that ends by itself when its holder dies.
final class FreezeLease: Sendable {
    /// In microseconds.
    private static let length: Int64 = 60 * 1_000_000
    /// Clocks of machines differ: who has less than this left has nothing left.
    private static let margin: Int64 = 20 * 1_000_000
    private static let interval: Duration = .seconds(5)

    private let database: any Database
    private let now: @Sendable () -> Int64
    /// Somebody froze the index before, and it stays so.
    private let isForGood: Bool
    private let until = Mutex<Int64>(0)

    init(database: any Database, now: @escaping @Sendable () -> Int64, isForGood: Bool) {
        self.database = database
        self.now = now
        self.isForGood = isForGood
    }

    /// Runs `body` while nothing is written; afterwards the index is open again, unless ``makePermanent()`` was called.
    ///
    /// - Throws: what `body` throws; ``RowStreamFault`` when the freeze was lost.
    func hold<Result: Sendable>(_ body: (FreezeLease) async throws -> Result) async throws -> Result {
        if isForGood { return try await body(self) }
        try await take()
        let result: Result
        do {
            result = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while true {
                        try await Task.sleep(for: Self.interval)
                        try await self.renew()
                    }
                }
                defer { group.cancelAll() }
                return try await body(self)
            }
        } catch {
            try? await release()
            throw error
        }
        return result
    }

    private func take() async throws {
        let time = now() + Self.length
        try await database.write { tx in try tx.freeze.set(.until(time)) }
        until.withLock { $0 = time }
    }

    private func renew() async throws {
        let (old, time) = (until.withLock { $0 }, now() + Self.length)
        try await move(from: old, to: time)
        until.withLock { $0 = time }
    }

    /// The index stays frozen whatever becomes of this process.
    func makePermanent() async throws {
        if isForGood { return }
        // The renewal may come between the look and the change: then the newer one is as good.
        for _ in 0..<3 {
            do {
                return try await move(from: until.withLock { $0 }, to: Freeze.State.forGood.value)
            } catch is LeaseChanged {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw Self.lost
    }

    private func move(from old: Int64, to new: Int64) async throws {
        guard old - Self.margin > now() else { throw Self.lost }
        let moved = try await database.write { tx in
            try !tx.execute("UPDATE counters SET value = \(new) WHERE name = \(Freeze.counter) AND value = \(old) RETURNING value").isEmpty
        }
        guard moved else { throw LeaseChanged() }
    }

    private func release() async throws {
        let old = until.withLock { $0 }
        try await database.write { tx in
            try tx.execute("UPDATE counters SET value = 0 WHERE name = \(Freeze.counter) AND value = \(old)")
        }
    }

    private struct LeaseChanged: Error {}
    private static var lost: RowStreamFault { RowStreamFault("the index did not stay frozen long enough: begin again") }
}
