// What processes tell each other by way of a shared cache.

import Backends
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

@Suite struct SignalTests {
    @Test(.timeLimit(.minutes(1))) func `a follower that no database tells anything looks when another process says so`() async throws {
        try await TestIndex.run { test in
            let cache = SharedMemory()
            let writer = test.anotherProcess(cache: cache)
            let other = test.anotherProcess(engine: Deaf(test.engine), cache: cache)
            let dropped = Atomic<Int>(0)
            other.caches.add { _ in dropped.add(1, ordering: .relaxed) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await other.followTouchedTags() }
                while dropped.load(ordering: .relaxed) == 0 { await Task.yield() }
                while cache.listeners == 0 { await Task.yield() }
                // Comparing once a second would take longer than this test may.
                for number in 0..<100 {
                    let before = dropped.load(ordering: .relaxed)
                    try await writer.database.write { try $0.touch(.user("user-\(number)")) }
                    while dropped.load(ordering: .relaxed) == before { await Task.yield() }
                }
                group.cancelAll()
            }
        }
    }

    @Test func `what rolled back or touched nothing is not told, and nobody tells a cache that is not shared`() async throws {
        struct Refused: Error {}
        try await TestIndex.run { test in
            let cache = SharedMemory()
            let writer = test.anotherProcess(cache: cache)
            try await writer.database.write { _ in }
            await #expect(throws: Refused.self) {
                try await writer.database.write { tx in
                    try tx.touch(.allProjects)
                    throw Refused()
                }
            }
            #expect(cache.published == 0)
            try await writer.database.write { try $0.touch(.allProjects) }
            #expect(cache.published == 1)
            let alone = SharedMemory(isShared: false)
            try await test.anotherProcess(cache: alone).database.write { try $0.touch(.allProjects) }
            #expect(alone.published == 0)
        }
    }
}

/// A cache that several indexes of one test share.
private final class SharedMemory: Cache {
    private let memory = MemoryCache()
    private let counts = Mutex((published: 0, listeners: 0))
    let isShared: Bool

    init(isShared: Bool = true) { self.isShared = isShared }

    var published: Int { counts.withLock { $0.published } }
    var listeners: Int { counts.withLock { $0.listeners } }

    func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]? { try await memory.get(key, in: namespace) }

    func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError) {
        try await memory.set(key, in: namespace, to: value, for: lifetime)
    }

    func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool {
        try await memory.replace(key, in: namespace, with: value, for: lifetime)
    }
    func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError) { try await memory.delete(key, in: namespace) }

    func increment(_ key: String, in namespace: CacheNamespace, limit: Int, window: Duration) async throws(CacheError) -> CacheWindow
    {
        try await memory.increment(key, in: namespace, limit: limit, window: window)
    }

    func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError) { try await memory.giveBack(key, in: namespace) }
    func publish(_ message: [UInt8], on channel: String) {
        counts.withLock { $0.published += 1 }
        memory.publish(message, on: channel)
    }

    func messages(on channel: String) -> AsyncStream<[UInt8]> {
        defer { counts.withLock { $0.listeners += 1 } }
        return memory.messages(on: channel)
    }
}

/// A database that never says anything by itself.
private struct Deaf: Database {
    let database: any Database

    init(_ database: any Database) { self.database = database }

    var dialect: Dialect { database.dialect }
    var load: [PoolLoad] { database.load }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await database.read(body)
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await database.write(body)
    }

    func query(_ sql: SQL) async throws -> [Row] { try await database.query(sql) }

    func listen(to channel: String) async throws -> AsyncStream<String> { throw DatabaseError(.connectionLost, "It is deaf.") }

    func close() async { await database.close() }
}
