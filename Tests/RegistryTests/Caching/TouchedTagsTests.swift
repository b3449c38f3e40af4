import Dispatch
import Packaging
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// What the caches of one process were told.
private final class Heard: Sendable {
    private let changes = Mutex<[PageCaches.Change]>([])

    init(_ index: PackageIndex) {
        index.caches.add { change in self.changes.withLock { $0.append(change) } }
    }

    /// The tags of each change since the last call; `nil` stands for everything.
    func take() -> [Set<String>?] {
        changes.withLock { changes in
            defer { changes = [] }
            return changes.map { change in
                switch change {
                case .tags(let tags): Set(tags.map(\.description))
                case .everything: nil
                }
            }
        }
    }
}

/// Publishing, and what the caches of the same and of other processes hear of it.
@Suite struct TouchedTagsTests {
    @Test func `a publish drops the project, its owners and every list before it is answered, all at once`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let heard = Heard(test.index)
            try await test.publish(UploadBuilder.wheel("Sample.Project", "1.0"), token: token)
            #expect(heard.take() == [["project/sample-project", "user/alice", "all-projects"]])
        }
    }

    @Test func `a transaction that rolls back leaves no entry behind`() async throws {
        struct Refused: Error {}
        try await TestIndex.run { test in
            let before = try await test.db.read { try $0.touchedTags.lastNumber() }
            await #expect(throws: Refused.self) {
                try await test.db.write { tx in
                    try tx.touch(.project(NormalizedName(normalizing: "x")))
                    throw Refused()
                }
            }
            let after = try await test.db.read { try $0.touchedTags.lastNumber() }
            #expect(before == after)
        }
    }

    @Test func `a write past the index is an error, since nobody would hear of it`() async throws {
        try await TestIndex.run { test in
            await #expect(throws: UnheardTouch.self) {
                try await test.db.read { try $0.touch(.allProjects) }
            }
        }
    }

    @Test func `another process finds each change exactly once by comparing numbers, without any message`() async throws {
        try await TestIndex.run { test in
            let other = test.anotherProcess()
            try await other.catchUpWithTouchedTags()
            let heard = Heard(other)
            try await test.db.write { try $0.touch(.project(NormalizedName(normalizing: "one")), .user("alice")) }
            try await test.db.write { try $0.touch(.organization("acme")) }
            try await other.catchUpWithTouchedTags()
            #expect(heard.take() == [["project/one", "user/alice", "org/acme"]])
            try await other.catchUpWithTouchedTags()
            #expect(heard.take().isEmpty)
        }
    }

    @Test func `a process does not drop a second time what it touched itself`() async throws {
        try await TestIndex.run { test in
            try await test.index.catchUpWithTouchedTags()
            let heard = Heard(test.index)
            try await test.db.write { try $0.touch(.allProjects) }
            #expect(heard.take() == [["all-projects"]])
            try await test.index.catchUpWithTouchedTags()
            #expect(heard.take().isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a commit that happens after its answer was lost is followed by the process that made it`() async throws {
        try await TestIndex.run { test in
            let engine = LateCommits(test.engine)
            let index = test.anotherProcess(engine: engine)
            try await index.catchUpWithTouchedTags()
            let heard = Heard(index)
            await #expect(throws: DatabaseError.self) { try await index.database.write { try $0.touch(.user("bob")) } }
            #expect(heard.take() == [["user/bob"]], "it may have happened")
            await engine.commit()
            try await index.catchUpWithTouchedTags()
            #expect(heard.take() == [["user/bob"]], "now it has, and what was made of the old state meanwhile goes")
        }
    }

    @Test func `a new project drops the page that said there was none`() async throws {
        try await TestIndex.run { test in
            let heard = Heard(test.index)
            let name = try ProjectName("Bare.One")
            try await test.db.write { _ = try $0.projects.insert(uuid: "u", name: name, now: 0) }
            #expect(heard.take() == [["project/bare-one", "all-projects"]])
        }
    }

    @Test func `whoever can not know what was touched drops everything`() async throws {
        try await TestIndex.run { test in
            let other = test.anotherProcess()
            let heard = Heard(other)
            try await other.catchUpWithTouchedTags()
            #expect(heard.take() == [nil], "the first look")
            try await test.db.write { try $0.touch(.allProjects) }
            try await test.db.write { try $0.touch(.allProjects) }
            try await test.db.write { _ = try $0.execute("DELETE FROM touched_tags WHERE number = 1") }
            try await other.catchUpWithTouchedTags()
            #expect(heard.take() == [nil], "an entry that was pruned")
            try await test.db.write { try $0.touch(.allProjects) }
            try await test.db.write { _ = try $0.execute("UPDATE touched_tags SET tags = 'team/of-the-future all-projects'") }
            try await other.catchUpWithTouchedTags()
            #expect(heard.take() == [nil], "a tag of a later version")
            try await test.db.write { _ = try $0.execute("UPDATE counters SET value = 1 WHERE name = 'touched-tags'") }
            try await other.catchUpWithTouchedTags()
            #expect(heard.take() == [nil], "a database that was set back")
        }
    }

    @Test(.timeLimit(.minutes(2))) func `following goes on by itself until it is cancelled`() async throws {
        try await TestIndex.run { test in
            let other = test.anotherProcess()
            let heard = Heard(other)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await other.followTouchedTags() }
                while heard.take().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                try await test.db.write { try $0.touch(.user("bob")) }
                // The message and the comparison may both find it before this looks.
                while !heard.take().contains(["user/bob"]) { try await Task.sleep(for: .milliseconds(5)) }
                group.cancelAll()
            }
        }
    }

    @Test func `entries older than an hour go, some time after`() async throws {
        try await TestIndex.run { test in
            try await test.db.write { try $0.touch(.allProjects) }
            test.clock.advance(by: .seconds(3601))
            for _ in 0..<256 { try await test.db.write { try $0.touch(.allProjects) } }
            let first: Int64 = try await test.db.read { try $0.execute("SELECT MIN(number) AS first FROM touched_tags")[0][at: 0] }
            #expect(first == 2)
        }
    }
}

/// A database whose answer to each commit is lost before the commit happens.
private final class LateCommits: Database {
    private let database: any Database
    private let gate = DispatchSemaphore(value: 0)
    private let commits = Mutex<[Task<Void, Never>]>([])

    init(_ database: any Database) {
        self.database = database
    }

    /// Lets the commit happen.
    func commit() async {
        gate.signal()
        for task in commits.withLock({ $0 }) { await task.value }
    }

    var dialect: Dialect { database.dialect }
    var load: [PoolLoad] { database.load }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await database.read(body)
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        let (running, hasRun) = AsyncStream.makeStream(of: Void.self)
        let task = Task { [database, gate] in
            _ = try? await database.write { tx in
                defer { hasRun.finish() }
                let result = try body(tx)
                hasRun.finish()
                gate.wait()
                return result
            }
        }
        commits.withLock { $0.append(task) }
        for await _ in running {}
        throw DatabaseError(.connectionLost, "The answer was lost.")
    }

    func listen(to channel: String) async throws -> AsyncStream<String> { try await database.listen(to: channel) }
    func close() async {}
}
