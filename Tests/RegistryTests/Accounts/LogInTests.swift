// Guessing by the thousand (platform §1.5, §1.7).

import Backends
import Credentials
import Foundation
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

struct LogInTests {
    private static let password = "correct horse battery"

    private func setPassword(_ test: TestIndex, of username: String = "alice") async throws -> User {
        try await test.user(username)
        let hash = try await test.index.passwords.hash(Self.password)
        _ = try await test.db.write { try $0.execute("UPDATE users SET password_hash = \(hash) WHERE username = \(username)") }
        let user = try await test.db.read { try $0.users.find(username) }
        return try #require(user)
    }

    private func reason(_ body: () async throws -> Void) async -> Rejection.Reason? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Rejection)?.reason
        }
    }

    // Credential stuffing
    @Test func `three thousand guesses from three hundred addresses keep nobody out who has been here before`() async throws {
        try await TestIndex.run { test in
            let alice = try await setPassword(test)
            let home = RequestSource(address: "203.0.113.7")
            _ = try await test.index.logIn("alice", password: Self.password, source: home)
            let tally = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for guesser in 0..<100 {
                    group.addTask { @Sendable in
                        for number in 0..<30 {
                            let source = RequestSource(address: "198.51.\(guesser).\(number % 3)")
                            let outcome = await reason {
                                _ = try await test.index.logIn("user\(number)", password: "guess \(number)", source: source)
                            }
                            tally.count(outcome)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<20 {
                        let step = try await test.index.logIn("alice", password: Self.password, source: home)
                        if case .done(let user) = step, user.id == alice.id { tally.admit() }
                    }
                }
                try await group.waitForAll()
            }
            #expect(tally.admitted == 20)
            let counts = tally.refusals
            #expect(counts.values.reduce(0, +) == 3000 && counts[nil] == nil)
            // No more were looked at than the limit lets, and those that stood in line when it was reached.
            #expect(counts[.invalid, default: 0] <= 1000 + PasswordLine.strangers)
            // Once a thousand have been wrong a stranger has to wait, even with the right password, and nobody else.
            for _ in 0..<1000 { await test.index.limiter.hit(.loginByAnyone, "all") }
            let late = await reason { _ = try await test.index.logIn("alice", password: Self.password, source: RequestSource(address: "192.0.2.9")) }
            var isLimited = false
            if case .rateLimited = late { isLimited = true }
            #expect(isLimited, "\(String(describing: late))")
            _ = try await test.index.logIn("alice", password: Self.password, source: home)
        }
    }

    @Test func `the line for strangers has an end`() async throws {
        let line = PasswordLine()
        let held = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<PasswordLine.strangers { group.addTask { try await line.wait(isKnown: false) { await held.wait() } } }
            while held.waiting < PasswordLine.strangers { await Task.yield() }
            await #expect(throws: Rejection.self) { try await line.wait(isKnown: false) {} }
            try await line.wait(isKnown: true) {}
            held.open()
            try await group.waitForAll()
        }
        try await line.wait(isKnown: false) {}
    }

    @Test func `an address of IPv6 is counted with its network`() {
        #expect(RequestSource(address: "2001:db8:1:2:3:4:5:6").place == "2001:db8:1:2::/64")
        #expect(RequestSource(address: "2001:db8:1:2::ffff").place == "2001:db8:1:2::/64")
        #expect(RequestSource(address: "2001:db8:1:3::1").place == "2001:db8:1:3::/64")
        #expect(RequestSource(address: "fe80::1%eth0").place == "fe80::/64")
        #expect(RequestSource(address: "::ffff:192.0.2.1").place == "192.0.2.1")
        #expect(RequestSource(address: "192.0.2.1").place == "192.0.2.1")
        #expect(RequestSource(address: "not::an::address").place == "not::an::address")
        #expect(RequestSource().place == "unknown")
    }

    @Test func `a password that was hashed as they once were is hashed anew, and ends no session`() async throws {
        try await TestIndex.run { test in
            let old = try await PasswordHasher(parameters: .init(passes: 2, memoryBytes: 16384)).hash(Self.password)
            try await test.user()
            _ = try await test.db.write { try $0.execute("UPDATE users SET password_hash = \(old)") }
            let user = try await test.user("bob")
            _ = try await test.index.logIn("alice", password: Self.password, source: RequestSource())
            let found = try await test.db.read { try $0.users.find("alice") }
            let now = try #require(found)
            #expect(now.passwordHash != old && now.passwordSetAt == user.passwordSetAt)
            _ = try await test.index.logIn("ALICE", password: Self.password, source: RequestSource())
        }
    }

    // platform §1.5: the cache is away.
    @Test func `without the counts everybody logs in as ever`() async throws {
        try await TestIndex.run { test in
            _ = try await setPassword(test)
            let index = test.anotherProcess(cache: AbsentCache())
            for _ in 0..<12 {
                let wrong = await reason { _ = try await index.logIn("alice", password: "wrong, wrong", source: RequestSource(address: "192.0.2.1")) }
                #expect(wrong == .invalid)
            }
            _ = try await index.logIn("alice", password: Self.password, source: RequestSource(address: "192.0.2.1"))
        }
    }

    @Test func `who has no password, or an account that is frozen, is not logged in`() async throws {
        try await TestIndex.run { test in
            try await test.user("bob")
            #expect(await reason { _ = try await test.index.logIn("bob", password: "", source: RequestSource()) } == .invalid)
            _ = try await setPassword(test)
            _ = try await test.db.write { try $0.execute("UPDATE users SET is_frozen = TRUE") }
            #expect(await reason { _ = try await test.index.logIn("alice", password: Self.password, source: RequestSource()) } == .invalid)
        }
    }
}

/// Who was let in, and why others were not.
private final class Tally: Sendable {
    private let state = Mutex<(admitted: Int, refusals: [Rejection.Reason?: Int])>((0, [:]))

    var admitted: Int { state.withLock { $0.admitted } }
    var refusals: [Rejection.Reason?: Int] { state.withLock { $0.refusals } }

    func admit() { state.withLock { $0.admitted += 1 } }
    func count(_ reason: Rejection.Reason?) { state.withLock { $0.refusals[reason, default: 0] += 1 } }
}

/// Holds those who wait until it opens.
private final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    var waiting: Int { state.withLock { $0.waiting.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let all = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in all { continuation.resume() }
    }
}

/// A cache that other processes share, and that does not answer.
private struct AbsentCache: Cache {
    let isShared = true

    private var fault: CacheError { .unavailable("nobody is there") }

    func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]? { throw fault }
    func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError) { throw fault }
    func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool {
        throw fault
    }
    func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError) { throw fault }
    func increment(_ key: String, in namespace: CacheNamespace, limit: Int, window: Duration) async throws(CacheError) -> CacheWindow {
        throw fault
    }
    func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError) { throw fault }
    func publish(_ message: [UInt8], on channel: String) {}
    func messages(on channel: String) -> AsyncStream<[UInt8]> { AsyncStream { $0.finish() } }
}
