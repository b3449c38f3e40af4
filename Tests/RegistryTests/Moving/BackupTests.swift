import Backends
import Foundation
import Packaging
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct BackupTests {
    /// Every page of an index, by name.
    private func pages(_ index: PackageIndex) async throws -> [String: [UInt8]] {
        var pages: [String: [UInt8]] = [:]
        let names = try await index.engine.query("SELECT normalized_name FROM projects").map { try $0[at: 0, as: String.self] }
        for name in names {
            for format in [SimpleFormat.html, .v1JSON] {
                pages["\(name) \(format)"] = try await index.simplePage(of: .init(normalizing: name), format: format)?.body
            }
        }
        return pages
    }

    /// A storage that counts what is stored in it.
    private func run(_ body: (TestIndex, _ target: CountingStorage, _ folder: String) async throws -> Void) async throws {
        try await TestIndex.run { test in
            try await withFolder { try await body(test, CountingStorage(), $0) }
        }
    }

    @Test func `what was backed up is restored on the other engine, with equal pages and files`() async throws {
        try await run { test, target, folder in
            try await publishSome(test)
            let outcome = try await test.index.backUp(to: target, folder: folder)
            // Four files, two of them wheels with metadata.
            #expect(outcome.sent == 6 && outcome.manifest.blobCount == 6 && outcome.manifest.faults.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            let before = try await pages(test.index)
            // What comes later is not in it.
            try await publishSome(test, ["9.0"])
            let faults = try await BackupShelf(target).verify(try await BackupShelf(target).manifests(), folder: folder)
            #expect(faults == [])

            try await OtherPlace.with { database, folder in
                let storage = MemoryStorage()
                let index = OtherPlace.index(test, database, storage)
                let restored = try await index.restore(from: target, folder: folder)
                #expect(restored.copied == 6 && restored.faults.isEmpty)
                let after = try await pages(index)
                #expect(after == before && after.count == 4)
                let owner = try await StorageOwner.name(in: storage)
                #expect(owner == outcome.manifest.index)
                for path in try await storage.list() where path.text != StorageOwner.path {
                    let (here, there) = (try await test.storage.bytes(at: path, limit: 1 << 20), try await storage.bytes(at: path, limit: 1 << 20))
                    #expect(here == there)
                }
                let whole = try await index.verify(folder: folder)
                #expect(whole == [])
                // It lives: tokens made before work, new files get new serials.
                _ = try await index.publish(UploadBuilder.wheel("one", "4.0").received(as: .token(try await tokenOf(test, index)), in: folder))
                let serial = try await database.read { try $0.journal.lastSerial() }
                #expect(serial > outcome.manifest.lastSerial)
                let state = try await database.read { try $0.freeze.state(now: 0) }
                #expect(state == .open)
            }
        }
    }

    /// A token of the restored index.
    private func tokenOf(_ test: TestIndex, _ index: PackageIndex) async throws -> String {
        try await index.createToken(for: "alice", NewToken(description: "after the restore", origin: .operator_))
    }

    @Test func `a token that was saved opens the restored index, with another key nothing is restored unless that is accepted`() async throws {
        try await run { test, target, folder in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("one", "1.0"), token: token)
            _ = try await test.index.backUp(to: target, folder: folder)
            try await OtherPlace.with { database, folder in
                let other = OtherPlace.index(test, database, MemoryStorage(), key: "another key, of no less than 32 characters")
                let fault = await #expect(throws: BackupFault.self) { try await other.restore(from: target, folder: folder) }
                #expect(fault?.description.contains("another secret key") == true)
                let tables = try await database.read { try TableShape.all($0).count }
                #expect(tables == 0)
                let index = OtherPlace.index(test, database, MemoryStorage())
                _ = try await index.restore(from: target, folder: folder)
                _ = try await index.publish(UploadBuilder.wheel("one", "2.0").received(as: .token(token), in: folder))
            }
        }
    }

    @Test func `a second backup sends only what is new, and old ones go when nobody keeps them`() async throws {
        try await run { test, target, folder in
            try await publishSome(test, ["1.0"])
            let first = try await test.index.backUp(to: target, folder: folder)
            test.clock.advance(by: .seconds(60))
            try await publishSome(test, ["2.0"])
            target.reset()
            let second = try await test.index.backUp(to: target, folder: folder)
            #expect(second.sent == 3)
            let stored = target.stored.filter { $0.hasPrefix("files/") }
            #expect(stored.count == 3 && stored.allSatisfy { $0.contains("2.0") })
            // Asked about no file: the first backup says what it was finished with.
            #expect(target.asked == 0)
            test.clock.advance(by: .seconds(60))
            target.reset()
            let third = try await test.index.backUp(to: target, folder: folder)
            #expect(third.sent == 0 && !target.stored.contains { $0.hasPrefix("files/") })

            // A file that only the first two know.
            let orphan = try StoragePath("files/00/00/x/old.whl")
            try await target.put([1], at: orphan)
            let shelf = BackupShelf(target)
            let pruned = try await shelf.prune(keeping: 1, now: test.clock.clock.now(), folder: folder)
            #expect(pruned.backups == [first.manifest.id, second.manifest.id] && pruned.files == 1 && pruned.note == nil)
            let left = try await shelf.manifests().map(\.id)
            #expect(left == [third.manifest.id])
            let faults = try await shelf.verify(try await shelf.manifests(), folder: folder)
            #expect(faults == [])
            let paths = try await target.list().map(\.text)
            #expect(!paths.contains { $0.contains(first.manifest.id) })
        }
    }

    @Test func `nothing is removed while another backup is at work`() async throws {
        try await run { test, target, folder in
            try await publishSome(test, ["1.0"])
            _ = try await test.index.backUp(to: target, folder: folder)
            try await target.put([1], at: StoragePath("backups/20260102T030000Z-00000000/begun"))
            try await target.put([1], at: StoragePath("files/00/00/x/new.whl"))
            let shelf = BackupShelf(target)
            let pruned = try await shelf.prune(keeping: 1, now: 3600 * 1_000_000, folder: folder)
            #expect(pruned.files == 0 && pruned.note?.contains("begun") == true)
            // A day later it counts as dead.
            let later = try await shelf.prune(keeping: 1, now: 90_000 * 1_000_000, folder: folder)
            #expect(later.files == 1 && later.note == nil)
        }
    }

    @Test func `a file of the index that is missing or damaged is told, and everything else is saved`() async throws {
        try await run { test, target, folder in
            try await publishSome(test, ["1.0"])
            let paths = try await test.storage.list()
            let (wheel, metadata, sdist) = (
                try #require(paths.first { $0.text.hasSuffix(".whl") }), try #require(paths.first { $0.text.hasSuffix(".metadata") }),
                try #require(paths.first { $0.text.hasSuffix(".tar.gz") })
            )
            let bytes = try await test.storage.bytes(at: sdist, limit: 1 << 20)
            let whole = [
                (wheel, try await test.storage.bytes(at: wheel, limit: 1 << 20)),
                (metadata, try await test.storage.bytes(at: metadata, limit: 1 << 20)),
            ]
            var flipped = bytes
            flipped[flipped.count / 2] ^= 1
            try await test.storage.delete(sdist)
            try await test.storage.put(flipped, at: sdist)
            for path in [wheel, metadata] { try await test.storage.delete(path) }

            let notes = Notes()
            let index = try await test.index.verify(folder: folder, work: notes.work)
            #expect(index.count == 3 && Set(notes.texts) == Set(index))
            #expect(index.contains { $0.contains("\(wheel) is missing") } && index.contains { $0.contains("\(metadata) is missing") })
            #expect(index.contains { $0.contains("\(sdist) is damaged") })
            // Without reading, what is there looks right.
            let sampled = try await test.index.verify(sample: 0, folder: folder)
            #expect(sampled.count == 2)

            let outcome = try await test.index.backUp(to: target, folder: folder)
            #expect(outcome.manifest.faults.count == 3 && outcome.sent == 0)
            let shelf = BackupShelf(target)
            let known = try await shelf.verify(try await shelf.manifests(), folder: folder)
            #expect(known.count == 3 && known.allSatisfy { $0.contains("when the backup was made") })

            // Mended, the next backup has them.
            try await test.storage.delete(sdist)
            try await test.storage.put(bytes, at: sdist)
            for (path, bytes) in whole { try await test.storage.put(bytes, at: path) }
            test.clock.advance(by: .seconds(1))
            let next = try await test.index.backUp(to: target, folder: folder)
            #expect(next.manifest.faults.isEmpty && next.sent == 3)
        }
    }

    @Test func `damage to a backup is told by name, and nothing is restored from damaged rows`() async throws {
        try await run { test, target, folder in
            try await publishSome(test)
            let manifest = try await test.index.backUp(to: target, folder: folder).manifest
            let shelf = BackupShelf(target)
            func damage(_ path: StoragePath, _ change: (inout [UInt8]) -> Void, _ body: ([String]) async throws -> Void) async throws {
                let bytes = try await target.bytes(at: path, limit: 1 << 24)
                var damaged = bytes
                change(&damaged)
                try await target.delete(path)
                if !damaged.isEmpty { try await target.put(damaged, at: path) }
                try await body(try await shelf.verify([manifest], folder: folder))
                try await target.delete(path)
                try await target.put(bytes, at: path)
            }
            let file = try #require(try await target.list(prefix: "files/").first)
            try await damage(file) {
                $0[0] ^= 1
            } _: {
                #expect($0.count == 1 && $0[0].contains(file.text.dropFirst(6)) && $0[0].contains("damaged"))
            }
            try await damage(file) {
                $0 = []
            } _: {
                #expect($0.count == 1 && $0[0].contains(file.text.dropFirst(6)) && $0[0].contains("missing"))
            }
            try await damage(StoragePath(manifest.rows.path)) {
                $0[$0.count / 2] ^= 1
            } _: { faults in
                #expect(faults.count == 1 && faults[0].contains(manifest.rows.path) && faults[0].contains("damaged"), "\(faults)")
                try await OtherPlace.with { database, folder in
                    let index = OtherPlace.index(test, database, MemoryStorage())
                    await #expect(throws: BackupFault.self) { try await index.restore(from: target, folder: folder) }
                    let tables = try await database.read { try TableShape.all($0).count }
                    #expect(tables == 0)
                }
            }
            try await damage(StoragePath(manifest.blobs.path)) {
                $0.removeLast()
            } _: {
                #expect($0.count == 1 && $0[0].contains(manifest.blobs.path))
            }
            let manifestPath = try StoragePath("backups/\(manifest.id)/manifest.json")
            let text = try await target.bytes(at: manifestPath, limit: 1 << 20)
            try await target.delete(manifestPath)
            await #expect(throws: BackupFault.self) { try await shelf.manifest(nil) }
            try await target.put(Array(text.dropLast(5)), at: manifestPath)
            let fault = await #expect(throws: BackupFault.self) { try await shelf.manifests() }
            #expect(fault?.description.contains(manifestPath.text) == true)
        }
    }

    @Test func `a place that holds another index is refused, for backups and for restores`() async throws {
        try await run { test, target, folder in
            try await publishSome(test, ["1.0"])
            _ = try await test.index.backUp(to: target, folder: folder)
            try await OtherPlace.with(migrations: AllMigrations.list) { database, folder in
                let other = OtherPlace.index(test, database, MemoryStorage())
                let taken = await #expect(throws: BackupFault.self) { try await other.backUp(to: target, folder: folder) }
                #expect(taken?.description.contains("another index") == true)
                try await other.createUser(username: "bob", email: "bob@example.org")
                let used = await #expect(throws: BackupFault.self) { try await other.restore(from: target, folder: folder) }
                #expect(used?.description.contains("another index") == true)
                let name = try await other.engine.query("SELECT username FROM users").map { try $0[at: 0, as: String.self] }
                #expect(name == ["bob"])
            }
            // The index itself, in use.
            let itself = await #expect(throws: BackupFault.self) { try await test.index.restore(from: target, folder: folder) }
            #expect(itself?.description.contains("in use") == true)
        }
    }

    @Test func `a restore that was stopped goes on, and nobody writes meanwhile`() async throws {
        try await run { test, target, folder in
            try await publishSome(test)
            let manifest = try await test.index.backUp(to: target, folder: folder).manifest
            try await OtherPlace.with(migrations: AllMigrations.list) { database, folder in
                let index = OtherPlace.index(test, database, MemoryStorage())
                for stopAt in ["rows compared", "rows written", "files"] {
                    let stopper = Stopper(at: stopAt)
                    await #expect(throws: CancellationError.self) { try await index.restore(from: target, folder: folder, work: stopper.work) }
                    let refused = await #expect(throws: DatabaseError.self) { try await index.createUser(username: "bob", email: "b@example.org") }
                    #expect(refused?.kind == .readOnly)
                }
                let outcome = try await index.restore(from: target, folder: folder)
                #expect(outcome.manifest == manifest && outcome.faults.isEmpty)
                let whole = try await index.verify(folder: folder)
                #expect(whole == [])
            }
        }
    }

    @Test func `verify finds what is wrong within the database`() async throws {
        try await run { test, _, folder in
            try await publishSome(test, ["1.0"])
            try await test.engine.write { tx in
                try tx.execute("UPDATE projects SET total_size = total_size + 1 WHERE normalized_name = 'one'")
                try tx.execute("UPDATE projects SET last_serial = 999 WHERE normalized_name = 'two'")
                try tx.execute("DELETE FROM filenames WHERE filename LIKE 'two%'")
            }
            let faults = try await test.index.verify(folder: folder)
            #expect(faults.count == 3, "\(faults)")
            #expect(faults.contains { $0.contains("one") && $0.contains("size") } && faults.contains { $0.contains("two") && $0.contains("serial") })
        }
    }

    @Test func `a backup of an older schema is restored and brought up to date`() async throws {
        try await run { test, target, folder in
            let steps = AllMigrations.list.filter { $0.id <= 11 }
            try await OtherPlace.with(migrations: steps) { old, folder in
                let oldIndex = OtherPlace.index(test, old, MemoryStorage())
                try await old.write { tx in
                    try tx.execute("INSERT INTO prohibited_names (normalized_name, comment, prohibited_at) VALUES ('from-then', '', 0)")
                }
                let manifest = try await oldIndex.backUp(to: target, folder: folder).manifest
                #expect(manifest.schemaVersion == 11)
            }
            let fresh = try await TestEngine.sqlite.makeDatabase()
            let index = OtherPlace.index(test, fresh.database, MemoryStorage())
            _ = try await index.restore(from: target, folder: folder)
            let pending = try await Migrator(AllMigrations.list).pending(fresh.database)
            #expect(pending.isEmpty)
            let names = try await fresh.database.query("SELECT normalized_name FROM prohibited_names").map { try $0[at: 0, as: String.self] }
            #expect(names.contains("from-then"))
            await fresh.drop()
            // A newer schema already: refused.
            let newer = try await TestEngine.sqlite.makeDatabase(migrations: AllMigrations.list)
            let there = OtherPlace.index(test, newer.database, MemoryStorage())
            await #expect(throws: BackupFault.self) { try await there.restore(from: target, folder: folder) }
            await newer.drop()
        }
    }
}

/// Stops the work when it comes to a step.
private final class Stopper: Sendable {
    let work: LongWork

    init(at name: String) {
        let holder = Holder()
        work = LongWork { step in if case .begin(name, _) = step { holder.work.withLock { $0 }?.stop() } }
        holder.work.withLock { $0 = work }
    }

    private final class Holder: Sendable {
        let work = Mutex<LongWork?>(nil)
    }
}

private final class Notes: Sendable {
    private let list = Mutex<[String]>([])
    var texts: [String] { list.withLock { $0 } }
    var work: LongWork { LongWork { step in if case .note(let text) = step { self.list.withLock { $0.append(text) } } } }
}

/// Memory that remembers what was stored in it and how often it was asked for a size.
final class CountingStorage: FileStorage {
    private let memory = MemoryStorage()
    private let counts = Mutex((stored: [String](), asked: 0))

    var stored: [String] { counts.withLock { $0.stored } }
    var asked: Int { counts.withLock { $0.asked } }
    func reset() { counts.withLock { $0 = ([], 0) } }

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        counts.withLock { $0.stored.append(path.text) }
        try await memory.put(fileAt: localPath, at: path)
    }

    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {
        counts.withLock { $0.stored.append(path.text) }
        try await memory.put(bytes, at: path)
    }

    func size(of path: StoragePath) async throws(StorageError) -> Int64 {
        counts.withLock { $0.asked += 1 }
        return try await memory.size(of: path)
    }

    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { try await memory.open(path) }
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool { try await memory.delete(path) }

    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try await memory.list(prefix: prefix, after: after, limit: limit)
    }
}
