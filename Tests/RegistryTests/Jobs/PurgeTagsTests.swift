import Foundation
import JobQueue
import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// What the CDN is told, and when (platform §8.3).
@Suite struct PurgeTagsTests {
    private struct Stop: Error {}

    private struct Waiting: Hashable {
        let tags: [String]
        let isSecond: Bool
        let runAfter: Int64
    }

    private func waiting(_ test: TestIndex) async throws -> [Waiting] {
        try await test.db.query("SELECT payload, run_after FROM jobs WHERE kind = \(PurgeTags.kind) AND parked_at IS NULL ORDER BY run_after, id").map
        { row in
            let job = try JSONDecoder().decode(PurgeTags.self, from: Data(try row["payload", as: String.self].utf8))
            return Waiting(tags: job.tags, isSecond: job.isSecond, runAfter: try row["run_after"])
        }
    }

    @Test func `a publish is purged at once and again when every process has heard`() async throws {
        let cdn = RecordingCDN()
        try await TestIndex.run(cdn: cdn) { test in
            try await test.user()
            let token = try await test.token()
            try await test.runJobs()
            test.clock.advance(by: .microseconds(60_000_000))
            try await test.runJobs()
            let before = cdn.purges.count
            _ = try await test.publish(.wheel("apple", "1.0"), token: token)
            // In the same transaction: nothing has been told yet, and nothing can be forgotten.
            let first = try await waiting(test)
            #expect(first.count == 1 && first[0].isSecond == false)
            #expect(Set(first[0].tags).isSuperset(of: ["project/apple", "all-projects"]))
            #expect(cdn.purges.count == before)
            try await test.runJobs()
            #expect(cdn.purges.dropFirst(before) == [first[0].tags])
            let second = try await waiting(test)
            #expect(second == [Waiting(tags: first[0].tags, isSecond: true, runAfter: test.clock.clock.now() + PurgeTags.pause)])
            // Later than the slowest process hears.
            #expect(PurgeTags.pause > PurgeTags.hearing && Duration.microseconds(PurgeTags.hearing) > PackageIndex.followInterval)
            test.clock.advance(by: .microseconds(PurgeTags.pause))
            try await test.runJobs()
            #expect(cdn.purges.dropFirst(before) == [first[0].tags, first[0].tags])
            #expect(try await waiting(test) == [])
        }
    }

    @Test func `without a CDN nothing is enqueued`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            _ = try await test.publish(.wheel("apple", "1.0"), token: test.token())
            #expect(try await waiting(test) == [])
        }
    }

    @Test func `what is rolled back is not purged`() async throws {
        let cdn = RecordingCDN()
        try await TestIndex.run(cdn: cdn) { test in
            let db = test.db
            do {
                try await db.write { (tx: any Connection) throws -> Void in
                    try tx.touch(.allProjects)
                    throw Stop()
                }
            } catch is Stop {}
            let left = try await waiting(test)
            #expect(left == [])
        }
    }

    @Test func `many changes in a row have one second purge, after the last`() async throws {
        let cdn = RecordingCDN()
        try await TestIndex.run(cdn: cdn) { test in
            for _ in 0..<10 {
                try await test.db.write { try $0.touch(.allProjects) }
                try await test.runJobs()
                test.clock.advance(by: .microseconds(1_000_000))
            }
            #expect(cdn.purges.count == 10)
            // One that waited for the first change would have been too early for the last.
            let last = test.clock.clock.now() - 1_000_000
            #expect(try await waiting(test) == [Waiting(tags: ["all-projects"], isSecond: true, runAfter: last + PurgeTags.pause)])
            test.clock.advance(by: .microseconds(PurgeTags.pause))
            try await test.runJobs()
            #expect(cdn.purges.count == 11)
        }
    }

    @Test func `a waiting purge does not stand for a change that commits later`() async throws {
        let cdn = RecordingCDN()
        try await TestIndex.run(cdn: cdn) { test in
            try await test.db.write { try $0.touch(.allProjects) }
            try await test.db.write { try $0.touch(.allProjects) }
            #expect(try await waiting(test).count == 2)
            try await test.runJobs()
            #expect(cdn.purges.count == 2)
            test.clock.advance(by: .microseconds(PurgeTags.pause))
            try await test.runJobs()
            #expect(cdn.purges.count == 3)
        }
    }

    @Test func `a purge that fails is tried again until it succeeds`() async throws {
        let cdn = RecordingCDN()
        cdn.fail(times: 5)
        try await TestIndex.run(cdn: cdn) { test in
            try await test.db.write { try $0.touch(.allProjects) }
            for _ in 0..<5 {
                try await test.runJobs()
                #expect(try await waiting(test).map(\.isSecond) == [false])
                test.clock.advance(by: .microseconds(40_000_000))
            }
            try await test.runJobs()
            #expect(cdn.purges.count == 6)
            #expect(try await waiting(test).map(\.isSecond) == [true])
            cdn.fail(times: 1)
            for _ in 0..<2 {
                test.clock.advance(by: .microseconds(40_000_000))
                try await test.runJobs()
            }
            #expect(cdn.purges.count == 8)
            #expect(try await waiting(test) == [])
        }
    }

    @Test func `it is tried for longer than a page is kept`() {
        let total = (1..<PurgeTags.retry.attempts).reduce(Duration.zero) { $0 + PurgeTags.retry.delay(after: $1) }
        #expect(total > .seconds(86400))
        #expect(PurgeTags.retry.delay(after: 1) <= .seconds(2))
    }

    @Test func `many tags are cut into bounded jobs, each tag in one of them`() async throws {
        let cdn = RecordingCDN()
        try await TestIndex.run(cdn: cdn) { test in
            let names = (0..<250).map { "project-\($0)-" + String(repeating: "x", count: 80) }
            try await test.db.write { tx in for name in names { try tx.touch(.project(NormalizedName(normalizing: name))) } }
            #expect(try await waiting(test).map(\.tags.count) == [100, 100, 50])
            try await test.runJobs()
            #expect(cdn.purges.flatMap { $0 }.sorted() == names.map { "project/\($0)" }.sorted())
            test.clock.advance(by: .microseconds(PurgeTags.pause))
            try await test.runJobs()
            #expect(cdn.purges.count == 6)
        }
    }
}
