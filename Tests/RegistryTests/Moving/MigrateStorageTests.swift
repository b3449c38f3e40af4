import Backends
import Distributions
import Foundation
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct MigrateStorageTests {
    private func move(_ test: TestIndex, to target: any FileStorage, isCheck: Bool = false) async throws -> StorageMoveOutcome {
        let temporary = try TemporaryFiles(folder: "\(test.folder)/between")
        return try await test.index.migrateStorage(from: test.storage, to: target, isCheck: isCheck, temporary: temporary)
    }

    private func publish(_ test: TestIndex, _ uploads: UploadBuilder...) async throws -> [String] {
        let token = try await test.token()
        for upload in uploads { try await test.publish(upload, token: token) }
        return uploads.map(TwoTiers.path)
    }

    @Test func `every file is copied once; a second run only looks, and a check reads`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let paths = try await publish(test, .wheel("demo", "1.0"), .sdist("demo", "1.0"), .sdist("other", "2.0"))
            // Bytes without a row stay where they are.
            try await test.storage.put([1], at: StoragePath("emporium-index"))
            let target = SwitchedStorage(MemoryStorage())
            let first = try await move(test, to: target)
            #expect(first.copied == 3 && first.present == 0 && first.faults.isEmpty)
            #expect(try await target.content().keys.sorted() == (paths + [paths[0] + ".metadata"]).sorted())
            for path in paths { #expect(try await target.content()[path] == test.storage.bytes(at: StoragePath(path), limit: 1 << 20)) }
            let second = try await move(test, to: target)
            #expect(second.copied == 0 && second.present == 3)
            #expect(target.puts.withLock { $0.values.allSatisfy { $0 == 1 } })
            #expect(try await move(test, to: target, isCheck: true).faults.isEmpty)

            try await target.damage(paths[1])
            try await target.remove(paths[0] + ".metadata")
            let check = try await move(test, to: target, isCheck: true)
            #expect(check.present == 1 && check.faults.count == 2)
            #expect(check.faults.contains { $0.contains(paths[1]) && $0.contains("SHA-256") }, "\(check.faults)")
            #expect(check.faults.contains("\(paths[0]).metadata is missing"))
            #expect(try await move(test, to: target).copied == 2)
            #expect(try await move(test, to: target, isCheck: true).faults.isEmpty)
            try await test.storage.delete(StoragePath("emporium-index"))
        }
    }

    @Test func `what is published while files move moves too`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let first = try await publish(test, .sdist("first", "1.0"))
            let target = SwitchedStorage(MemoryStorage())
            target.beforePut.withLock { hook in
                hook = { _ = try await self.publish(test, .sdist("second", "1.0"), .wheel("third", "1.0")) }
            }
            let outcome = try await move(test, to: target)
            #expect(outcome.copied == 3)
            #expect(try await target.content().count == 4)
            #expect(try await target.content()[first[0]] != nil)
        }
    }

    @Test func `more files than one look takes all move`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let paths = try await publish(test, .sdist("demo", "1.0"))
            @Sendable func content(_ number: Int) -> [UInt8] { Array("the content of \(number)".utf8) }
            try await test.db.write { tx in
                for number in 0..<450 {
                    let digests = Digests(of: content(number))
                    try tx.execute(
                        """
                        INSERT INTO files (project_id, release_id, filename, packagetype, python_version, size, md5, sha256, blake2_256, path, uploaded_at)
                        SELECT project_id, release_id, \("copy-\(number)"), 'bdist_wheel', python_version, \(digests.size), \(digests.md5), \(digests.sha256),
                            \(digests.blake2b256), \("copies/\(number)"), uploaded_at FROM files WHERE path = \(paths[0])
                        """
                    )
                }
            }
            for number in 0..<450 { try await test.storage.put(content(number), at: StoragePath("copies/\(number)")) }
            let target = SwitchedStorage(MemoryStorage())
            #expect(try await move(test, to: target).copied == 451)
            #expect(target.puts.withLock { $0.count == 451 && $0.values.allSatisfy { $0 == 1 } })
        }
    }

    @Test func `a flipped bit and a missing file in the source are told, and everything else moves`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let paths = try await publish(test, .sdist("one", "1.0"), .sdist("two", "1.0"), .sdist("three", "1.0"))
            let whole = try await test.storage.bytes(at: StoragePath(paths[0]), limit: 1 << 20)
            let source = SwitchedStorage(test.storage)
            try await source.damage(paths[0])
            let gone = try await test.storage.bytes(at: StoragePath(paths[1]), limit: 1 << 20)
            try await source.remove(paths[1])
            let target = SwitchedStorage(MemoryStorage())
            let outcome = try await move(test, to: target)
            #expect(outcome.copied == 1 && outcome.faults.count == 2)
            #expect(outcome.faults.contains { $0.hasPrefix("\(paths[0]) is damaged: its SHA-256") })
            #expect(outcome.faults.contains("\(paths[1]) is missing"))
            #expect(try await target.content().keys.sorted() == [paths[2]])
            try await source.replace(paths[0], whole)
            try await source.replace(paths[1], gone)
        }
    }

    @Test func `a target that is full or away ends it with a sentence, and it goes on later`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            _ = try await publish(test, .sdist("one", "1.0"))
            let target = SwitchedStorage(MemoryStorage())
            target.become(.isFull)
            let full = await #expect(throws: StorageMoveFault.self) { _ = try await move(test, to: target) }
            #expect(full?.description == "--to is full; make room and run it again, and it goes on")
            target.become(.isDown)
            let down = await #expect(throws: StorageMoveFault.self) { _ = try await move(test, to: target) }
            #expect(down?.description.hasPrefix("--to can not be used: ") == true)
            target.become(.works)
            #expect(try await move(test, to: target).copied == 1)
        }
    }

    @Test func `a large file goes through a file, and leaves none behind`() async throws {
        try await TestIndex.run { test in
            let folder = "\(test.folder)/between"
            let content = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
            let digests = Digests(of: content)
            let (source, target) = (MemoryStorage(), MemoryStorage())
            let path = try StoragePath("a/large")
            try await source.put(content, at: path)
            let copy = BlobCopy(source: source, target: target, temporary: try TemporaryFiles(folder: folder))
            #expect(try await copy.copy(Blob(path: path, size: 5_000_000, sha256: digests.sha256, blake2b256: digests.blake2b256)) == nil)
            #expect(try await target.bytes(at: path, limit: 5_000_000) == content)
            try await target.delete(path)
            for (sha256, blake2b256) in [(digests.blake2b256, digests.blake2b256), (digests.sha256, digests.sha256)] {
                #expect(try await copy.copy(Blob(path: path, size: 5_000_000, sha256: sha256, blake2b256: blake2b256)) != nil)
            }
            #expect(try await target.list().isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
