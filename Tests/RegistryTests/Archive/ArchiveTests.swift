import Backends
import Foundation
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// An archive behind the storage that files are served from (index §6.2).
@Suite struct ArchiveTests {
    @Test func `an upload is in the archive at once, and in both soon; downloads never wait for that`() async throws {
        try await TwoTiers.run { tiers in
            let wheel = UploadBuilder.wheel("demo", "1.0")
            let path = try await tiers.publish(wheel)
            #expect(try await tiers.archive.content().keys.sorted() == [path, path + ".metadata"])
            #expect(try await tiers.served.content().isEmpty)
            #expect(try await tiers.waiting() == UncopiedFiles.Count(waiting: 1, unreconciled: 0))
            for name in [path, path + ".metadata"] {
                let opened = try await tiers.index.openFile(StoragePath(name))
                #expect(!opened.isServed)
            }
            #expect(tiers.index.archive?.served == [.missing: 2])

            try await tiers.runJobs()
            #expect(try await tiers.served.content() == tiers.archive.content())
            #expect(try await tiers.served.content()[path] == wheel.bytes)
            #expect(try await tiers.waiting().waiting == 0)
            #expect(try await tiers.index.openFile(StoragePath(path)).isServed)
            // Once more does nothing.
            let file = try #require(try await tiers.test.db.read { try $0.files.named(after: 0, limit: 1).first })
            try await CopyToServed(fileID: file.id).run(in: tiers.index)
            #expect(tiers.served.puts.withLock { $0 } == [path: 1, path + ".metadata": 1])
        }
    }

    @Test func `what is nowhere is not found`() async throws {
        try await TwoTiers.run { tiers in
            do {
                _ = try await tiers.index.openFile(StoragePath("a/b"))
                Issue.record("it was found")
            } catch let error as StorageError {
                #expect(error.isNotFound)
            }
            // But nobody says so who can not know.
            tiers.served.become(.isDown)
            do {
                _ = try await tiers.index.openFile(StoragePath("a/b"))
                Issue.record("it was found")
            } catch let error as StorageError {
                #expect(!error.isNotFound)
            }
            tiers.served.become(.works)
        }
    }

    @Test func `when the archive is away nothing is published and nothing is left`() async throws {
        try await TwoTiers.run { tiers in
            tiers.archive.become(.isDown)
            let upload = UploadBuilder.wheel("demo", "1.0")
            #expect(await refusal { try await tiers.publish(upload) }.reason == .unavailable)
            #expect(try await tiers.test.db.query("SELECT 1 AS found FROM files").isEmpty)
            tiers.archive.become(.works)
            tiers.test.clock.advance(by: .seconds(7200))
            try await tiers.runJobs()
            #expect(try await tiers.archive.content().isEmpty)
            try await tiers.publish(upload)
            try await tiers.runJobs()
        }
    }

    @Test func `an upload that fails leaves nothing in either`() async throws {
        try await TwoTiers.run { tiers in
            let upload = UploadBuilder.sdist("demo", "1.0")
            // Left by an upload from before there was an archive.
            try await tiers.served.replace(TwoTiers.path(of: upload), upload.bytes)
            tiers.archive.become(.losesAnswers)
            #expect(await refusal { try await tiers.publish(upload) }.reason == .unavailable)
            #expect(try await tiers.archive.content().isEmpty)
            #expect(try await tiers.served.content().isEmpty)
        }
    }

    @Test func `when the served storage is away uploads and downloads go on, and it catches up`() async throws {
        try await TwoTiers.run { tiers in
            let old = try await tiers.publish(.wheel("demo", "1.0"))
            try await tiers.runJobs()
            tiers.served.become(.isDown)
            let new = try await tiers.publish(.wheel("demo", "2.0"))
            try await tiers.runJobs()
            for path in [old, new] { #expect(try await !tiers.index.openFile(StoragePath(path)).isServed) }
            #expect(tiers.index.archive?.served == [.unavailable: 2])
            let readiness = await tiers.index.checkReadiness()
            #expect(readiness.faults.isEmpty && readiness.notes.map(\.part) == ["storage"])
            tiers.served.become(.works)
            // It is left alone for a while: also a storage that answers again is not asked by each download.
            #expect(try await !tiers.index.openFile(StoragePath(old)).isServed)
            tiers.test.clock.advance(by: .seconds(31))
            #expect(try await tiers.index.openFile(StoragePath(old)).isServed)
            try await tiers.runJobs()
            #expect(try await tiers.index.openFile(StoragePath(new)).isServed)
            #expect(try await tiers.waiting().waiting == 0)
        }
    }

    @Test func `a copy that stands still is given up in time, and tried again`() async throws {
        try await TwoTiers.run { tiers in
            let path = try await tiers.publish(.sdist("demo", "1.0"))
            let file = try #require(try await tiers.test.db.read { try $0.files.named(after: 0, limit: 1).first })
            let archive = try #require(tiers.index.archive)
            #expect(PackageIndex.copyLimit(of: file) == .seconds(120))
            tiers.served.become(.stalls)
            await #expect(throws: TookTooLong.self) {
                _ = try await tiers.index.copyToServed(file, from: archive, limit: .milliseconds(50))
            }
            tiers.served.become(.works)
            try await tiers.runJobs()
            #expect(try await tiers.served.content().keys.sorted() == [path])
        }
    }

    @Test func `without the archive a waiting file is what the served storage has, or a failure`() async throws {
        try await TwoTiers.run { tiers in
            let upload = UploadBuilder.sdist("demo", "1.0")
            let path = try await tiers.publish(upload)
            let id = try #require(try await tiers.test.db.read { try $0.files.named(after: 0, limit: 1).first }).id
            await #expect(throws: Blob.Fault.missing(try StoragePath(path))) { try await CopyToServed(fileID: id).run(in: tiers.test.index) }
            try await tiers.served.replace(path, upload.bytes)
            try await CopyToServed(fileID: id).run(in: tiers.test.index)
            #expect(try await tiers.waiting().waiting == 0)
        }
    }
}
