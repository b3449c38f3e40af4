import Backends
import Distributions
import Foundation
import JobQueue
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct SummarizeContentsTests {
    private static func publish(_ upload: UploadBuilder, _ test: TestIndex) async throws -> File {
        if try await test.db.query("SELECT 1 AS found FROM users").isEmpty { try await test.user() }
        try await test.publish(upload, token: try await test.token())
        return try #require(try await test.db.read { try $0.files.find(filename: upload.filename) })
    }

    private static func find(_ file: File, _ test: TestIndex) async throws -> FileContents? {
        try await test.db.read { try $0.contents.find(fileID: file.id) }
    }

    private static func replace(_ file: File, _ bytes: [UInt8], _ test: TestIndex) async throws {
        let path = try StoragePath(file.path)
        try await test.storage.delete(path)
        try await test.storage.put(bytes, at: path)
    }

    @Test func `a published file is looked into by a job, once`() async throws {
        try await TestIndex.run { test in
            var distribution = DistributionBuilder("Demo", "1.0")
            distribution.members = [("py.typed", []), ("more.py", Array("x = 1\n".utf8)), ("_vendor/LICENSE", [])]
            let file = try await Self.publish(UploadBuilder("Demo", "1.0", file: distribution.wheel()), test)
            #expect(try await Self.find(file, test) == nil)
            try await test.runJobs()
            let found = try #require(try await Self.find(file, test))
            #expect(found.fault == nil && found.format == DistributionContents.codingVersion)
            #expect(found.facts.importNames == ["demo"] && found.facts.typing == .marker && found.facts.memberCount == 7)
            #expect(found.facts.licensePaths == ["demo/_vendor/LICENSE"])
            let contents = try #require(found.decoded())
            #expect(contents.members.map(\.path).contains("demo/more.py"))
            #expect(found.facts.installedSize == contents.installedSize)
            test.clock.advance(by: .seconds(60))
            try await test.index.summarizeContents(of: file.id)
            #expect(try await Self.find(file, test)?.madeAt == found.madeAt)

            // What installers read shows nothing of it, and stays; the project's own pages are made anew.
            let touches = Touches(test.index)
            try await test.db.write { _ = try $0.execute("DELETE FROM file_contents") }
            try await test.index.summarizeContents(of: file.id)
            #expect(touches.tags == ["contents/demo"])
        }
    }

    @Test func `what an older version made is made anew, and what is gone goes with its file`() async throws {
        try await TestIndex.run { test in
            let file = try await Self.publish(.sdist("demo", "1.0"), test)
            try await test.runJobs()
            try await test.db.write { _ = try $0.execute("UPDATE file_contents SET format = 0, fault = 'x', summary = NULL") }
            try await SummarizeOlderFiles().run(in: test.index)
            let found = try #require(try await Self.find(file, test))
            #expect(found.fault == nil && found.decoded()?.format == .sourceDistribution)
            try await test.db.write { _ = try $0.execute("DELETE FROM files WHERE id = \(file.id)") }
            #expect(try await test.db.query("SELECT file_id FROM file_contents").isEmpty)
            // Nor does a job that comes late bring it back.
            try await test.index.summarizeContents(of: file.id)
            try await test.db.write { try $0.contents.keep(.failure(ContentsFault("x")), fileID: file.id, now: 1) }
            #expect(try await test.db.query("SELECT file_id FROM file_contents").isEmpty)
            try await test.storage.delete(StoragePath(file.path))
        }
    }

    @Test func `a file that can not be read has a fault and is not tried again`() async throws {
        try await TestIndex.run { test in
            let file = try await Self.publish(.wheel("demo", "1.0"), test)
            try await Self.replace(file, Array("no zip at all".utf8), test)
            try await test.runJobs()
            let found = try #require(try await Self.find(file, test))
            #expect(found.fault?.contains("cannot be accepted") == true && found.decoded() == nil)
            #expect(try await test.db.read { try $0.contents.facts(fileID: file.id) } == nil)
            #expect(try await test.db.read { try $0.contents.missing(after: 0, limit: 10).ids } == [])

            let other = try await Self.publish(.wheel("demo", "1.1"), test)
            let bytes = try await test.storage.bytes(at: StoragePath(other.path), limit: 1 << 20)
            try await test.storage.delete(StoragePath(other.path))
            try await test.runJobs()
            #expect(try await Self.find(other, test)?.fault == "The file is not in the storage.")
            // It may come back, and is looked for again.
            try await test.storage.put(bytes, at: StoragePath(other.path))
            try await SummarizeOlderFiles().run(in: test.index)
            #expect(try await Self.find(other, test)?.fault == nil)
        }
    }

    @Test func `while the storage does not work nothing is said of a file, and it is tried again`() async throws {
        try await TestIndex.run { test in
            let file = try await Self.publish(.wheel("demo", "1.0"), test)
            let storage = SwitchedStorage(test.storage)
            storage.become(.isDown)
            let index = test.index(storage: storage)
            await #expect(throws: StorageError.self) { try await index.summarizeContents(of: file.id) }
            // The next files would fare no better; it comes again by itself.
            try await SummarizeOlderFiles().run(in: index)
            #expect(try await Self.find(file, test) == nil)
            storage.become(.works)
            try await SummarizeOlderFiles().run(in: index)
            #expect(try await Self.find(file, test)?.fault == nil)
        }
    }

    @Test func `files from before are found, however their ids lie, and the rest is left to a further job`() async throws {
        try await TestIndex.run { test in
            for version in ["1.0", "1.1", "1.2"] { _ = try await Self.publish(.wheel("demo", version), test) }
            try await test.db.write { tx in
                try tx.execute("DELETE FROM jobs WHERE kind = \(SummarizeContents.kind)")
                try tx.execute("UPDATE files SET id = 900000 WHERE filename LIKE 'demo-1.2%'")
            }
            let first = try await test.db.read { try $0.contents.missing(after: 0, limit: 1) }
            #expect(first.ids.count == 1 && first.next == first.ids[0])
            let rest = try await test.db.read { try $0.contents.missing(after: first.ids[0], limit: 10) }
            #expect(rest.ids.count == 1 && rest.next == 899_999)

            // Its patience ends with the first file.
            let clock = test.clock
            let impatient = test.index(storage: SlowStorage(test.storage) { clock.advance(by: .seconds(121)) })
            try await SummarizeOlderFiles().run(in: impatient)
            #expect(try await test.db.query("SELECT file_id FROM file_contents").count == 1)
            let left = try await test.db.query("SELECT payload FROM jobs WHERE kind = \(SummarizeOlderFiles.kind)")
            #expect(try left.map { try $0["payload", as: String.self] } == ["{\"after\":\(first.ids[0])}"])
            try await test.runJobs()
            #expect(try await test.db.query("SELECT file_id FROM file_contents").count == 3)
        }
    }
}

/// The tags that caches were told to drop.
private final class Touches: Sendable {
    private let found = Mutex<Set<String>>([])

    init(_ index: PackageIndex) {
        index.caches.add { change in
            guard case .tags(let tags) = change else { return }
            self.found.withLock { $0.formUnion(tags.map(\.description)) }
        }
    }

    var tags: Set<String> { found.withLock { $0 } }
}

/// Does something whenever a file is opened.
private struct SlowStorage: FileStorage {
    let inner: MemoryStorage
    let opened: @Sendable () -> Void

    init(_ inner: MemoryStorage, _ opened: @escaping @Sendable () -> Void) {
        self.inner = inner
        self.opened = opened
    }

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) { try await inner.put(fileAt: localPath, at: path) }
    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) { try await inner.put(bytes, at: path) }
    func size(of path: StoragePath) async throws(StorageError) -> Int64 { try await inner.size(of: path) }
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile {
        opened()
        return try await inner.open(path)
    }
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool { try await inner.delete(path) }
    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try await inner.list(prefix: prefix, after: after, limit: limit)
    }
}
