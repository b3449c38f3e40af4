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

    @Test func `following goes on by itself until it is cancelled`() async throws {
        try await TestIndex.run { test in
            let other = test.anotherProcess()
            let heard = Heard(other)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await other.followTouchedTags() }
                while heard.take().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                try await test.db.write { try $0.touch(.user("bob")) }
                while heard.take() != [["user/bob"]] { try await Task.sleep(for: .milliseconds(5)) }
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
