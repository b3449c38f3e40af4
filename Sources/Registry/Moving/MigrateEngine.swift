// Moves the database of a running index to another engine or another server.

import Foundation
package import SQLDatabase
import Synchronization

/// What was moved.
package struct EngineMoveOutcome: Sendable {
    package let tables: [TableSummary]
    package let pages: Int
    /// For how long nothing could be written.
    package let frozen: Duration
}

extension PackageIndex {
    /// How many rows may still differ when the index is frozen.
    private static let fewRows = 1000
    private static let mostRounds = 4

    /// Copies all rows into another database while the index serves, catches up, freezes the index, copies what still differs, and compares rows and pages of
    /// both. Pages that were found equal before and have not changed since are not built again. Then the other is open and this one stays frozen: nobody may be told of a change that the other has not.
    ///
    /// Stopped at any moment, it can be begun again. A mover that dies while the index is frozen keeps it so for a minute.
    /// - Parameter target: an empty database, or one that this was on its way into before.
    /// - Throws: ``BackupFault`` when something else is in the target, ``RowStreamFault`` when both differ in the end; `DatabaseError`; `CancellationError`.
    package func migrateEngine(to target: any Database, folder: String, work: LongWork = LongWork()) async throws -> EngineMoveOutcome {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let rows = "\(folder)/move-\(UUID().uuidString).rows"
        defer { try? FileManager.default.removeItem(atPath: rows) }
        let version: Int = try await engine.query("SELECT MAX(id) FROM schema_migrations")[0][at: 0]
        guard version == AllMigrations.list.last?.id else {
            throw BackupFault("the schema of this index is not that of this program: run emporium migrate with the version that serves it")
        }
        let state = try await engine.read { [now = clock.now()] tx in try tx.freeze.state(now: now) }
        guard state != .arriving else { throw BackupFault("this index has not arrived here itself: end its own restore or move first") }
        let landing = Landing(database: target, index: try await identity(), now: clock.now())
        try await landing.prepare(schemaVersion: version)

        let arrival = RowArrival(target, work: work)
        for _ in 0..<Self.mostRounds {
            _ = try await RowSnapshot.take(of: engine, into: rows, work: work)
            if try await arrival.take(rows, proving: false).changed <= Self.fewRows { break }
        }
        let proof = PageProof(links: links, work: work)
        let proven = try await proof.prove(engine, target)

        let begin = ContinuousClock.now
        let freeze = FreezeLease(database: engine, now: clock.now, isForGood: state == .forGood)
        let (tables, pages) = try await freeze.hold { lease in
            let here = try await RowSnapshot.take(of: engine, into: rows, work: work)
            let there = try await arrival.take(rows).tables ?? []
            for (one, other) in zip(here.tables, there) where one != other {
                throw RowStreamFault("the table \(one.name) differs: \(one.rows) rows here, \(other.rows) there")
            }
            guard here.tables.count == there.count else { throw RowStreamFault("the other database has other tables") }
            let pages = try await proof.compare(engine, target, knowing: proven)
            try work.checkStop()
            try await lease.makePermanent()
            return (here.tables, pages)
        }
        let frozen = ContinuousClock.now - begin
        try await landing.open(false)
        return EngineMoveOutcome(tables: tables, pages: pages, frozen: frozen)
    }
}
