import Backends
import Distributions
import Foundation
import TestSupport
import Testing

@testable import Registry

@Suite struct StoredArchiveTests {
    /// Three megabytes that tell where they stand.
    private static let bytes = (0..<3_100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    private static func path() throws -> StoragePath { try StoragePath("a/file") }

    /// Reads on a thread that may wait.
    private static func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await ArchiveLine().run(body)
    }

    @Test func `reads wherever a file lies, over the edges of its blocks`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emporium-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storages: [any FileStorage] = [MemoryStorage(), try DiskStorage(root: folder)]
        for storage in storages {
            try await storage.put(Self.bytes, at: Self.path())
            let archive = StoredArchive(try await storage.open(Self.path()), limit: .seconds(600))
            try await Self.onThread {
                let source = archive.source
                #expect(source.size == 3_100_000)
                let end = Self.bytes.count
                for range in [0..<10, 1_048_570..<1_048_590, 0..<end, end - 5..<end, 2_097_151..<2_097_153, 500..<1_600_000] {
                    let read = try source.read(at: Int64(range.lowerBound), count: range.count)
                    #expect(read.elementsEqual(Self.bytes[range]))
                }
                #expect(throws: InvalidArchive.self) { try source.read(at: Int64(end) - 5, count: 6) }
                #expect(archive.failure == nil)
            }
        }
    }

    @Test func `ends with its time, when it is cancelled, and when the storage fails, and says so`() async throws {
        let storage = MemoryStorage()
        try await storage.put(Self.bytes, at: Self.path())
        let file = try await storage.open(Self.path())
        try await Self.onThread {
            let late = StoredArchive(file, limit: .zero)
            #expect(throws: InvalidArchive.self) { try late.source.read(at: 0, count: 1) }
            #expect(late.failure.map { "\($0)" } == "tooSlow")
            let cancelled = StoredArchive(file, limit: .seconds(600))
            let first = try cancelled.source.read(at: 0, count: 1)
            #expect(first == [Self.bytes[0]])
            cancelled.cancel()
            #expect(throws: InvalidArchive.self) { try cancelled.source.read(at: 0, count: 1) }
            #expect(cancelled.failure.map { "\($0)" } == "cancelled")
        }
    }

    @Test func `the line takes so many and sends the others away`() async throws {
        let line = ArchiveLine()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (entered, enter) = AsyncStream<Void>.makeStream()
            let (left, leave) = AsyncStream<Void>.makeStream()
            for _ in 0..<ArchiveLine.room {
                group.addTask {
                    try await line.wait {
                        enter.yield()
                        for await _ in left { break }
                    }
                }
            }
            var inside = entered.makeAsyncIterator()
            for _ in 0..<ArchiveLine.room { await inside.next() }
            await #expect(throws: Rejection.self) { try await line.wait {} }
            leave.finish()
            try await group.waitForAll()
        }
        try await line.wait {}
    }
}
