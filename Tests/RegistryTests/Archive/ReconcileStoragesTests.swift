import Backends
import Foundation
import Logging
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct ReconcileStoragesTests {
    @Test func `what was forgotten is copied: files that are missing, damaged, too short, and metadata alone`() async throws {
        try await TwoTiers.run { tiers in
            let missing = try await tiers.publish(.wheel("missing", "1.0"))
            let damaged = try await tiers.publish(.wheel("damaged", "1.0"))
            let short = try await tiers.publish(.sdist("short", "1.0"))
            let metadata = try await tiers.publish(.wheel("metadata", "1.0"))
            try await tiers.runJobs()
            let all = try await tiers.archive.content()
            // As if none had been copied.
            for path in [missing, missing + ".metadata", metadata + ".metadata"] { try await tiers.served.remove(path) }
            try await tiers.served.damage(damaged)
            try await tiers.served.replace(short, [1, 2, 3])
            try await tiers.test.db.write { tx in
                for file in try tx.files.named(after: 0, limit: 10) { try tx.uncopiedFiles.add(file.id, lookAfter: 0) }
            }
            tiers.served.puts.withLock { $0 = [:] }
            try await ReconcileStorages().run(in: tiers.index)
            #expect(try await tiers.served.content() == all)
            #expect(try await tiers.waiting().waiting == 0)
            #expect(
                tiers.served.puts.withLock { $0.keys.sorted() } == [missing, missing + ".metadata", damaged, short, metadata + ".metadata"].sorted()
            )
        }
    }

    @Test func `a new file is left to its own job for a while`() async throws {
        try await TwoTiers.run { tiers in
            try await tiers.publish(.sdist("demo", "1.0"))
            try await ReconcileStorages().run(in: tiers.index)
            #expect(try await tiers.waiting().waiting == 1)
            try await tiers.loseJobs()
            try await ReconcileStorages().run(in: tiers.index)
            #expect(try await tiers.waiting().waiting == 0)
        }
    }

    @Test func `what the archive holds wrongly is copied nowhere, told once and counted, until it is mended`() async throws {
        try await TwoTiers.run { tiers in
            let lines = Mutex<[String]>([])
            let index = tiers.test.index(
                storage: tiers.served,
                archive: tiers.index.archive,
                logger: Logger(label: "test") { _ in NotingHandler { line in lines.withLock { $0.append(line) } } }
            )
            let upload = UploadBuilder.sdist("bad", "1.0")
            let bad = try await tiers.publish(upload)
            let good = try await tiers.publish(.sdist("good", "1.0"))
            try await tiers.archive.damage(bad)
            try await tiers.loseJobs()
            for _ in 0..<3 {
                try await ReconcileStorages().run(in: index)
                tiers.test.clock.advance(by: .seconds(900))
            }
            #expect(try await tiers.waiting() == UncopiedFiles.Count(waiting: 1, unreconciled: 1))
            #expect(lines.withLock { $0 } == ["A file is unreconciled: the archive does not hold what its row says."])
            #expect(try await tiers.served.content().keys.sorted() == [good])
            try await tiers.archive.replace(bad, upload.bytes)
            try await ReconcileStorages().run(in: index)
            #expect(try await tiers.waiting() == UncopiedFiles.Count(waiting: 0, unreconciled: 0))
            #expect(try await tiers.served.content()[bad] == upload.bytes)
        }
    }

    @Test func `a copy whose original is lost is told, too`() async throws {
        try await TwoTiers.run { tiers in
            let upload = UploadBuilder.sdist("demo", "1.0")
            let path = try await tiers.publish(upload)
            try await tiers.served.replace(path, upload.bytes)
            try await tiers.archive.remove(path)
            try await tiers.runJobs()
            #expect(try await tiers.waiting() == UncopiedFiles.Count(waiting: 1, unreconciled: 1))
        }
    }

    @Test func `two at once do not take the same files`() async throws {
        try await TwoTiers.run { tiers in
            for number in 0..<12 { try await tiers.publish(.sdist("demo-\(number)", "1.0")) }
            try await tiers.loseJobs()
            let now = tiers.test.clock.clock.now()
            let taken = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<6 { group.addTask { try await tiers.test.db.write { try $0.uncopiedFiles.take(2, now: now, until: now + 1) } } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(taken).count == taken.count)
            tiers.test.clock.advance(by: .seconds(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await ReconcileStorages().run(in: tiers.index) } }
                try await group.waitForAll()
            }
            let puts = tiers.served.puts.withLock { $0 }
            #expect(puts.count == 12 && puts.values.allSatisfy { $0 == 1 }, "\(puts)")
        }
    }

    @Test func `one file that can not be stored does not hold up the others`() async throws {
        try await TwoTiers.run { tiers in
            for number in 0..<5 { try await tiers.publish(.sdist("demo-\(number)", "1.0")) }
            try await tiers.loseJobs()
            tiers.served.beforePut.withLock { $0 = { throw BrokenDisk() } }
            await #expect(throws: BlobCopy.Failure.self) { try await ReconcileStorages().run(in: tiers.index) }
            #expect(try await tiers.waiting().waiting == 5)
            try await ReconcileStorages().run(in: tiers.index)
            #expect(try await tiers.waiting().waiting == 1)
            tiers.test.clock.advance(by: .seconds(900))
            try await ReconcileStorages().run(in: tiers.index)
            #expect(try await tiers.waiting().waiting == 0)
        }
    }

    @Test func `a repair copies what is missing or damaged, names what it can not mend, and goes on where it was stopped`() async throws {
        try await TwoTiers.run { tiers in
            let archive = try #require(tiers.index.archive)
            let missing = try await tiers.publish(.wheel("missing", "1.0"))
            let damaged = try await tiers.publish(.wheel("damaged", "1.0"))
            let lost = try await tiers.publish(.sdist("lost", "1.0"))
            try await tiers.runJobs()
            let all = try await tiers.archive.content()
            try await tiers.served.remove(missing)
            try await tiers.served.damage(damaged + ".metadata")
            try await tiers.served.damage(lost)
            try await tiers.archive.damage(lost)
            let outcome = try await tiers.index.repairServedFiles(from: archive)
            #expect(outcome.looked == 3 && outcome.copied == 2)
            #expect(outcome.faults.count == 1 && outcome.faults[0].contains(lost), "\(outcome.faults)")
            #expect(try await tiers.served.content()[missing] == all[missing])
            #expect(try await tiers.served.content()[damaged + ".metadata"] == all[damaged + ".metadata"])

            try await tiers.archive.replace(lost, #require(all[lost]))
            #expect(try await tiers.index.repairServedFiles(from: archive).copied == 1)
            // One that was stopped behind the first two.
            try await tiers.test.db.write { tx in
                let second = try tx.files.named(after: 0, limit: 2)[1].id
                try tx.execute("UPDATE counters SET value = \(second) WHERE name = 'storage-repair'")
            }
            #expect(try await tiers.index.repairServedFiles(from: archive).looked == 1)
            #expect(try await tiers.index.repairServedFiles(from: archive).looked == 3)
        }
    }
}

/// Hands the text of errors on.
private struct NotingHandler: LogHandler {
    let note: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.error

    init(note: @escaping @Sendable (String) -> Void) { self.note = note }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(
        level: Logger.Level,
        message: Logger.Message,
        metadata: Logger.Metadata?,
        source: String,
        file: String,
        function: String,
        line: UInt
    ) {
        note("\(message)")
    }
}
