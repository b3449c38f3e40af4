// Where sessions are kept (platform §8.6).

import Backends
import Foundation
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

struct SessionsTests {
    @Test func `who reads the table of sessions can not be anybody`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            let id = SessionID()
            var session = Session()
            test.index.begin(&session, for: user)
            try await test.index.keepSession(session, as: id)
            let rows = try await test.db.query("SELECT id_hash, data FROM sessions")
            let (hash, data): (String, String) = (try rows[0]["id_hash"], try rows[0]["data"])
            #expect(!hash.contains(id.text) && !data.contains(id.text))
            // The hash is no id, and opens nothing.
            #expect(SessionID(hash) == nil)
            #expect(try await test.index.openSession(id)?.visitor?.user == user)
            try await test.index.endSession(id)
            #expect(try await test.index.openSession(id) == nil)
        }
    }

    @Test func `with a cache that processes share, sessions are there and not in the database`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            let shared = SharedMemoryCache()
            let (one, two) = (test.anotherProcess(cache: shared), test.anotherProcess(cache: shared))
            let id = SessionID()
            var session = Session()
            one.begin(&session, for: user)
            try await one.keepSession(session, as: id)
            #expect(try await two.openSession(id)?.visitor?.user == user)
            #expect(try await test.db.query("SELECT 1 AS found FROM sessions").isEmpty)
            try await two.endSession(id)
            #expect(try await one.openSession(id) == nil)
        }
    }

    @Test func `sessions that have expired are deleted, others are not`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            var session = Session()
            test.index.begin(&session, for: user)
            try await test.index.keepSession(session, as: SessionID())
            test.clock.advance(by: .seconds(6 * 3600))
            let young = SessionID()
            try await test.index.keepSession(session, as: young)
            test.clock.advance(by: .seconds(6 * 3600 + 1))
            try await PruneSessions().run(in: test.index)
            #expect(try await test.db.query("SELECT 1 AS found FROM sessions").count == 1)
            #expect(try await test.index.openSession(young) != nil)
        }
    }

    @Test func `with a user go their sessions`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            var session = Session()
            test.index.begin(&session, for: user)
            let id = SessionID()
            try await test.index.keepSession(session, as: id)
            _ = try await test.db.write { try $0.execute("DELETE FROM users WHERE id = \(user.id)") }
            #expect(try await test.index.openSession(id) == nil)
        }
    }

    @Test func `a form's token is its session's alone`() {
        let secrets = Secrets(secretKey: Array("a secret key that only tests know".utf8))
        let other = Secrets(secretKey: Array("another key that only tests know".utf8))
        let (one, two) = (SessionID(), SessionID())
        let token = secrets.formToken(for: one)
        #expect(secrets.isFormToken(token, for: one))
        #expect(!secrets.isFormToken(token, for: two) && !other.isFormToken(token, for: one))
        for bad in ["", "x", String(token.dropLast()), token + "0", String(repeating: "z", count: 64), "é" + token.dropFirst(2)] {
            #expect(!secrets.isFormToken(bad, for: one), "\(bad)")
        }
    }
}

/// As Redis is for processes: what one sets, all see.
private struct SharedMemoryCache: Cache {
    let isShared = true
    private let memory = MemoryCache()

    func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]? { try await memory.get(key, in: namespace) }
    func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError) {
        try await memory.set(key, in: namespace, to: value, for: lifetime)
    }
    func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool {
        try await memory.replace(key, in: namespace, with: value, for: lifetime)
    }
    func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError) { try await memory.delete(key, in: namespace) }
    func increment(_ key: String, in namespace: CacheNamespace, limit: Int, window: Duration) async throws(CacheError) -> CacheWindow {
        try await memory.increment(key, in: namespace, limit: limit, window: window)
    }
    func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError) { try await memory.giveBack(key, in: namespace) }
    func publish(_ message: [UInt8], on channel: String) { memory.publish(message, on: channel) }
    func messages(on channel: String) -> AsyncStream<[UInt8]> { memory.messages(on: channel) }
}
