import Synchronization
import Testing

@testable import Credentials

@Suite struct PasswordHasherTests {
    @Test func `a password verifies against its hash and nothing else does`() async throws {
        let hasher = PasswordHasher.forTests
        let hash = try await hasher.hash("correct horse")
        #expect(hash.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(await hasher.verify("correct horse", against: hash))
        #expect(await !hasher.verify("correct horsf", against: hash))
        #expect(await !hasher.verify("", against: hash))
        #expect(await !hasher.verify("correct horse", against: ""))
        #expect(await !hasher.verify("correct horse", against: "correct horse"))
        #expect(await !hasher.verify("correct horse", against: hash + String(repeating: "A", count: 200)))
    }

    @Test func `two hashes of one password differ`() async throws {
        #expect(try await PasswordHasher.forTests.hash("x") != PasswordHasher.forTests.hash("x"))
    }

    @Test func `text behind a NUL counts`() async throws {
        let hash = try await PasswordHasher.forTests.hash("a\u{0}b")
        #expect(await !PasswordHasher.forTests.verify("a\u{0}c", against: hash))
        #expect(await PasswordHasher.forTests.verify("a\u{0}b", against: hash))
    }

    @Test func `the standard cost is two passes over 64 MiB`() async throws {
        let hash = try await PasswordHasher().hash("x")
        #expect(hash.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"))
        #expect(!PasswordHasher().needsRehash(hash))
        #expect(PasswordHasher.forTests.needsRehash(hash))
        #expect(PasswordHasher().needsRehash("$argon2i$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"))
        #expect(PasswordHasher().needsRehash("nonsense"))
    }

    // Made by argon2-cffi with four lanes: what a hash brought along from another index may look like.
    @Test func `a hash with several lanes is verified and should be made again`() async {
        let hash = "$argon2id$v=19$m=64,t=1,p=4$oFUFQYbf8SzBfG2exnAbHw$JxHpBcaf1t6wNF3m7j0XF9MFaUz+cB3xbNiSBW3EZYk"
        #expect(await PasswordHasher.forTests.verify("correct horse", against: hash))
        #expect(await !PasswordHasher.forTests.verify("wrong", against: hash))
        #expect(PasswordHasher.forTests.needsRehash(hash))
    }

    @Test func `too long a password is refused and never verifies`() async throws {
        let long = String(repeating: "x", count: PasswordHasher.longestPassword + 1)
        await #expect(throws: PasswordHashingFailure.self) { try await PasswordHasher.forTests.hash(long) }
        #expect(await !PasswordHasher.forTests.verify(long, against: try PasswordHasher.forTests.hash(String(long.dropLast()))))
    }

    @Test func `nobody's password is wrong`() async {
        #expect(await !PasswordHasher.forTests.verifyNobody("x"))
    }

    @Test func `no more than the allowed number work at once, and all get their turn`() async {
        let threads = HashingThreads(limit: 2)
        let counts = Counts()
        await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    await threads.run {
                        counts.enter()
                        for _ in 0..<20_000 { _ = UInt64.random(in: 0...9) }
                        counts.leave()
                    }
                }
            }
        }
        // One after the other is allowed too: a busy machine may do that.
        #expect((1...2).contains(counts.most))
        #expect(counts.done == 50)
    }
}

private final class Counts: Sendable {
    private let numbers = Mutex((now: 0, most: 0, done: 0))

    var most: Int { numbers.withLock { $0.most } }
    var done: Int { numbers.withLock { $0.done } }

    func enter() {
        numbers.withLock { numbers in
            numbers.now += 1
            numbers.most = max(numbers.most, numbers.now)
        }
    }

    func leave() {
        numbers.withLock { numbers in
            numbers.now -= 1
            numbers.done += 1
        }
    }
}
