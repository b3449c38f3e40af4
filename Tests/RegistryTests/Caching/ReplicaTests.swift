// Pages that are read from a replica never go back in time.

import Backends
import Foundation
import Packaging
import PostgresEngine
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// A primary, a real streaming replica of it, and an index over both.
private struct Replicated {
    let index: PackageIndex
    let primary: PostgresServer
    let replica: PostgresServer
    /// Straight to the replica, to hold it up.
    let engine: PostgresDatabase

    static func run(_ body: (Replicated) async throws -> Void) async throws {
        try await withFolder { folder in
            let primary = try await PostgresServer(in: folder)
            let database = PostgresDatabase(url: primary.url())
            try await Migrator(AllMigrations.list).migrate(database, now: 0)
            let replica = try await PostgresServer(in: folder, replicaOf: primary)
            var options = PostgresDatabase.Options()
            options.connections = 2
            let engine = PostgresDatabase(url: replica.url(), options: options)
            let index = TestIndex.makeIndex(database, replica: engine, MemoryStorage(), ManualClock())
            try await index.catchUpWithTouchedTags()
            do {
                try await body(Replicated(index: index, primary: primary, replica: replica, engine: engine))
            } catch {
                await engine.close()
                await database.close()
                throw error
            }
            await engine.close()
            await database.close()
            try await replica.stop()
            try await primary.stop()
        }
    }

    func count(_ outcome: Replica.Outcome) -> Int64 { index.replica?.counts[outcome] ?? 0 }

    /// A project with a row of its own, touched as a publish touches it.
    func add(_ name: String, by index: PackageIndex? = nil) async throws {
        try await (index ?? self.index).database.write { tx in
            try tx.execute(
                """
                INSERT INTO projects (uuid, name, normalized_name, ultranormalized_name, created_at, last_serial)
                VALUES (\(name), \(name), \(name), \(name), \(0), \(1))
                """
            )
            try tx.touch(.project(NormalizedName(normalizing: name)))
        }
    }

    func page(_ name: String) async throws -> Bool { try await index.simplePage(of: NormalizedName(normalizing: name), format: .v1JSON) != nil }

    /// Until the replica shows all.
    func catchUp() async throws {
        let last = try await index.database.read { try $0.touchedTags.lastNumber() }
        while try await engine.read({ try $0.touchedTags.lastNumber() }) < last { try await Task.sleep(for: .milliseconds(5)) }
    }
}

@Suite(.timeLimit(.minutes(2)), .enabled(if: TestEngine.current == .postgres, "replicas are PostgreSQL's")) struct ReplicaTests {
    @Test func `a page is read from the replica once that shows what this process wrote, and from the primary until then`() async throws {
        try await Replicated.run { site in
            try await site.add("demo")
            try await site.catchUp()
            #expect(try await site.page("demo"))
            #expect(site.count(.answered) == 1)
            // It receives everything and shows nothing of it.
            try await site.engine.read { try $0.execute("SELECT pg_wal_replay_pause()") }
            try await site.add("later")
            #expect(try await site.page("later"), "who was told of a publish finds it")
            #expect(site.count(.behind) == 1)
            try await site.engine.read { try $0.execute("SELECT pg_wal_replay_resume()") }
            try await site.catchUp()
            #expect(try await site.page("later"))
            #expect(site.count(.answered) == 2)
        }
    }

    @Test func `what one page has shown no later page takes back, though another process wrote it`() async throws {
        try await Replicated.run { site in
            let other = TestIndex.makeIndex(PostgresDatabase(url: site.primary.url()), MemoryStorage(), ManualClock())
            try await site.engine.read { try $0.execute("SELECT pg_wal_replay_pause()") }
            try await site.add("new", by: other)
            // Nothing was heard of it yet: the replica may answer, and does.
            #expect(try await !site.page("new"))
            try await site.index.catchUpWithTouchedTags()
            for _ in 0..<3 { #expect(try await site.page("new")) }
            await other.database.close()
        }
    }

    @Test func `a replica that is gone costs nobody a page, and is left alone for a while`() async throws {
        try await Replicated.run { site in
            try await site.add("demo")
            try await site.catchUp()
            try await site.replica.kill()
            for _ in 0..<20 { #expect(try await site.page("demo")) }
            #expect(site.count(.failed) == 1)
        }
    }

    @Test func `a replica that was promoted has a history of its own and answers nothing more`() async throws {
        try await Replicated.run { site in
            try await site.add("demo")
            try await site.catchUp()
            try await site.replica.promote()
            #expect(try await site.page("demo"))
            #expect(site.count(.refused) == 1)
            #expect(site.count(.answered) == 0)
        }
    }

    @Test func `a replica of another index is refused`() async throws {
        try await withFolder { folder in
            let primary = try await PostgresServer(in: folder)
            let database = PostgresDatabase(url: primary.url())
            try await Migrator(AllMigrations.list).migrate(database, now: 0)
            let stranger = try await PostgresServer(in: folder, replicaOf: primary)
            let engine = PostgresDatabase(url: stranger.url())
            let own = try await TestEngine.postgres.makeDatabase(migrations: AllMigrations.list)
            let index = TestIndex.makeIndex(own.database, replica: engine, MemoryStorage(), ManualClock())
            try await index.catchUpWithTouchedTags()
            _ = try await index.simplePage(of: NormalizedName(normalizing: "demo"), format: .v1JSON)
            #expect(index.replica?.counts == [.refused: 1])
            await engine.close()
            await database.close()
            await own.drop()
            try await stranger.stop()
            try await primary.stop()
        }
    }
}
