import Backends
import Foundation
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct MigrateEngineTests {
    @Test func `an index moves to the other engine, and the old one stays frozen`() async throws {
        try await TestIndex.run { test in
            try await publishSome(test)
            let token = try await test.token()
            try await OtherPlace.with { target, folder in
                let outcome = try await test.index.migrateEngine(to: target, folder: folder)
                #expect(outcome.pages == 2 && outcome.tables.count > 20)
                let old = try await test.engine.read { try $0.freeze.state(now: 0) }
                let new = try await target.read { try $0.freeze.state(now: 0) }
                #expect(old == .forGood && new == .open)
                await #expect(throws: Rejection.self) { try await test.publish(.wheel("one", "7.0"), token: token) }
                let index = OtherPlace.index(test, target, test.storage)
                let (here, there) = (try await test.index.identity(), try await index.identity())
                #expect(here == there)
                _ = try await index.publish(UploadBuilder.wheel("one", "7.0").received(as: .token(token), in: folder))
                // What is in use is not written over.
                let again = await #expect(throws: BackupFault.self) { try await test.index.migrateEngine(to: target, folder: folder) }
                #expect(again?.description.contains("in use") == true)
                let path = try #require(try await test.storage.list().first { $0.text.contains("7.0") && !$0.text.hasSuffix(".metadata") })
                for name in [path.text, path.text + ".metadata"] { try await test.storage.delete(StoragePath(name)) }
            }
            try await test.engine.write { try $0.freeze.set(.open) }
        }
    }

    @Test func `stopped anywhere it leaves the index open, and goes on the next time`() async throws {
        try await TestIndex.run { test in
            try await publishSome(test)
            let token = try await test.token()
            try await OtherPlace.with { target, folder in
                for (number, stopAt) in ["rows written", "rows compared", "pages compared"].enumerated() {
                    let box = Box()
                    let work = LongWork { step in if case .begin(stopAt, _) = step { box.work.withLock { $0 }?.stop() } }
                    box.work.withLock { $0 = work }
                    await #expect(throws: CancellationError.self) { try await test.index.migrateEngine(to: target, folder: folder, work: work) }
                    try await test.publish(.wheel("one", "8.\(number)"), token: token)
                }
                _ = try await test.index.migrateEngine(to: target, folder: folder)
                let (here, there) = (try await RowSnapshot.take(of: test.engine, into: nil), try await RowSnapshot.take(of: target, into: nil))
                // Opening the new one touched every page, and has search made anew.
                let changed = zip(here.tables, there.tables).filter { $0 != $1 }.map(\.0.name)
                #expect(Set(changed) == ["counters", "jobs", "touched_tags"])
            }
            try await test.engine.write { try $0.freeze.set(.open) }
        }
    }

    private final class Box: Sendable {
        let work = Mutex<LongWork?>(nil)
    }

    @Test func `another index and a newer schema are refused, and nothing is changed`() async throws {
        try await TestIndex.run { test in
            try await publishSome(test, ["1.0"])
            try await OtherPlace.with(migrations: AllMigrations.list) { target, folder in
                let other = OtherPlace.index(test, target, MemoryStorage())
                try await other.createUser(username: "bob", email: "bob@example.org")
                let before = try await RowSnapshot.take(of: target, into: nil)
                let fault = await #expect(throws: BackupFault.self) { try await test.index.migrateEngine(to: target, folder: folder) }
                #expect(fault?.description.contains("another index") == true)
                let after = try await RowSnapshot.take(of: target, into: nil)
                #expect(after == before)
                try await target.write { try $0.execute("INSERT INTO schema_migrations (id, name, applied_at) VALUES (9999, 'later', 0)") }
                let newer = await #expect(throws: DatabaseError.self) { try await test.index.migrateEngine(to: target, folder: folder) }
                #expect(newer?.kind == .schema)
            }
            try await test.publish(.wheel("one", "2.0"), token: test.token())
        }
    }
}
