import Backends
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// Who may write to a path, and who may sweep it.
@Suite struct SweepOrphanFileTests {
    /// Its uploads fail when their bytes lie there, and their sweeps die between deletions.
    private func brokenIndex(_ test: TestIndex) -> PackageIndex {
        test.index(storage: WatchedStorage(storage: test.storage, afterPut: { throw BrokenDisk() }, afterDelete: { throw BrokenDisk() }))
    }

    @Test func `a sweep that died keeps its file out for a minute, and not for longer`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let upload = UploadBuilder.sdist("demo", "1.0")
            let broken = brokenIndex(test)
            #expect(await refusal { _ = try await broken.publish(upload.received(as: .token(token), in: test.folder)) }.reason == .unavailable)
            #expect(await refusal { try await test.publish(upload, token: token) }.message.contains("in a minute"))
            test.clock.advance(by: .seconds(60))
            #expect(try await test.publish(upload, token: token) == .published())
            // The job of the dead sweep finds a file where it looked for an orphan.
            test.clock.advance(by: .seconds(7200))
            try await test.runJobs()
            #expect(try await test.storage.list().count == 1)
        }
    }

    @Test func `without newcomers the job ends what a dead sweep began, a minute later`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let broken = brokenIndex(test)
            _ = await refusal { _ = try await broken.publish(UploadBuilder.wheel("demo", "1.0").received(as: .token(token), in: test.folder)) }
            #expect(try await test.storage.list().count == 1)
            test.clock.advance(by: .seconds(60))
            #expect(try await test.runJobs() == 1)
            // The run checks that nothing is left.
        }
    }

    @Test func `a sweep that is too slow stops, so that it never deletes what came after it`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let upload = UploadBuilder.sdist("demo", "1.0")
            let slow = test.index(
                storage: WatchedStorage(
                    storage: test.storage,
                    afterPut: { throw BrokenDisk() },
                    afterDelete: { test.clock.advance(by: .seconds(31)) }
                )
            )
            _ = await refusal { _ = try await slow.publish(upload.received(as: .token(token), in: test.folder)) }
            #expect(try await test.storage.list().count == 1)
            test.clock.advance(by: .seconds(60))
            try await test.runJobs()
            #expect(try await test.storage.list().isEmpty)
        }
    }

    @Test func `an upload so slow that it was swept is refused rather than published without its bytes`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let slow = test.index(
                storage: WatchedStorage(
                    storage: test.storage,
                    afterPut: {
                        test.clock.advance(by: .seconds(3601))
                        try await test.runJobs()
                    }
                )
            )
            let upload = UploadBuilder.sdist("demo", "1.0")
            let refusal = await refusal { _ = try await slow.publish(upload.received(as: .token(token), in: test.folder)) }
            #expect(refusal.reason == .unavailable)
            #expect(try await test.db.query("SELECT COUNT(*) AS n FROM files")[0]["n", as: Int.self] == 0)
        }
    }

    @Test func `an orphan is due as soon as its patience ends, to the microsecond`() async throws {
        try await TestIndex.run { test in
            try await test.db.write { tx in
                let now = test.clock.clock.now()
                #expect(try tx.pendingFiles.hold("a/b", now: now))
                let end = now + SweepOrphanFile.patience
                #expect(try tx.pendingFiles.beginSweep("a/b", ownHolds: 0, now: end - 1) == .wait(until: end))
                #expect(try tx.pendingFiles.beginSweep("a/b", ownHolds: 0, now: end) == .remove)
                try tx.pendingFiles.endSweep("a/b", begunAt: end)
                #expect(try tx.pendingFiles.count() == 0)
            }
        }
    }
}
