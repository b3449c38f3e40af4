import Backends
import Distributions
import JobQueue
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// Step 32 of index §2.3, and what holds when things go wrong or happen at once.
@Suite struct `Recording an upload` {
    @Test func `step 32: the row says what the file is, and the bytes lie under their hash with the metadata beside them`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let distribution = DistributionBuilder("demo", "1.0")
            let upload = UploadBuilder("demo", "1.0", file: distribution.wheel())
            try await test.publish(upload, token: try await test.token())
            let digests = Digests(of: upload.bytes)
            let hash = digests.blake2b256
            let path = "\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash.dropFirst(4))/\(upload.filename)"
            let row = try await test.db.query("SELECT * FROM files")[0]
            #expect(try row["path", as: String.self] == path)
            #expect(try row["size", as: Int.self] == upload.bytes.count)
            #expect(try row["md5", as: String.self] == digests.md5)
            #expect(try row["metadata_sha256", as: String.self] == Digests(of: distribution.metadata.utf8).sha256)
            #expect(try await test.storage.bytes(at: StoragePath(path), limit: 1 << 20) == upload.bytes)
            #expect(try await test.storage.bytes(at: StoragePath(path + ".metadata"), limit: 1 << 20) == Array(distribution.metadata.utf8))
            #expect(try await test.db.query("SELECT total_size FROM projects")[0]["total_size", as: Int.self] == upload.bytes.count)
        }
    }

    @Test func `an sdist has no metadata file`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.publish(.sdist("demo", "1.0"), token: try await test.token())
            #expect(try await test.storage.list().count == 1)
        }
    }

    @Test func `16 publishers at once: serials have no gaps, and no reader ever sees one before a lower one`() async throws {
        try await TestIndex.run { test in
            for number in 0..<16 { try await test.user("user\(number)") }
            var tokens: [String] = []
            for number in 0..<16 { tokens.append(try await test.token(of: "user\(number)")) }
            let watcher = Task {
                var highest: Int64 = 0
                while !Task.isCancelled {
                    let rows: [Row]
                    // Cancelled in the line before the database, it is done.
                    do { rows = try await test.db.query("SELECT serial FROM journal ORDER BY serial") } catch is CancellationError { break }
                    let serials = try rows.map { try $0["serial", as: Int64.self] }
                    if serials != Array(1..<Int64(serials.count + 1)) { return "a gap in \(serials)" }
                    if Int64(serials.count) < highest { return "serials went back from \(highest) to \(serials.count)" }
                    highest = Int64(serials.count)
                }
                return ""
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, token) in tokens.enumerated() {
                    group.addTask {
                        for release in 1...3 { try await test.publish(.wheel("project\(number)x", "\(release).0"), token: token) }
                    }
                }
                try await group.waitForAll()
            }
            watcher.cancel()
            #expect(try await watcher.value == "")
            #expect(try await test.db.read { try $0.journal.lastSerial() } == 16 * (4 + 2 + 2))
        }
    }

    @Test func `the same file from 8 senders at once is one file and no error`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let upload = UploadBuilder.wheel("demo", "1.0")
            let outcomes = try await withThrowingTaskGroup(of: PublishOutcome.self) { group in
                for _ in 0..<8 { group.addTask { try await test.publish(upload, token: token) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count == 8)
            #expect(outcomes.count { $0 == .published() } == 1)
            #expect(try await test.db.query("SELECT COUNT(*) AS n FROM files")[0]["n", as: Int.self] == 1)
        }
    }

    @Test func `of two names that look alike and come at once, one is made`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let made = await withTaskGroup(of: Bool.self) { group in
                for name in ["look1", "lookl", "looki", "look-1"] {
                    group.addTask { (try? await test.publish(.wheel(name, "1.0"), token: token)) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
            #expect(try await test.db.query("SELECT COUNT(*) AS n FROM projects")[0]["n", as: Int.self] == 1)
        }
    }

    @Test func `a refusal inside the transaction takes the stored bytes away again`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("demo", "1.0"), token: token)
            // The role goes while the upload is on its way: the last look at it is inside the transaction.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for release in 2...9 {
                    group.addTask { _ = try? await test.publish(.wheel("demo", "\(release).0"), token: token) }
                }
                group.addTask { () async throws -> Void in _ = try await test.db.write { try $0.execute("DELETE FROM roles") } }
                try await group.waitForAll()
            }
            // The run checks that no bytes are left without a row.
        }
    }

    @Test func `what a crash between bytes and row leaves behind is swept, and only that`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("demo", "1.0"), token: token)
            try await test.runJobs()
            let kept = try await test.storage.list()
            // As if the process had died after its put.
            let orphan = "ab/cd/\(String(repeating: "e", count: 60))/demo-2.0-py3-none-any.whl"
            try await test.storage.put(Array("bytes".utf8), at: StoragePath(orphan))
            let now = test.clock.clock.now()
            try await test.db.write { tx in
                try tx.execute("INSERT INTO pending_files (path, holders, is_sweeping, touched_at) VALUES (\(orphan), 1, FALSE, \(now))")
                try tx.jobs.enqueue(SweepOrphanFile(path: orphan), now: now, runAfter: now + 3600 * 1_000_000)
            }
            #expect(try await test.runJobs() == 0)
            test.clock.advance(by: .seconds(3601))
            #expect(try await test.runJobs() == 1)
            #expect(try await test.storage.list() == kept)
        }
    }

    @Test func `a token's use is noted`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.publish(.wheel("demo", "1.0"), token: try await test.token())
            #expect(try await test.db.query("SELECT last_used_at FROM api_tokens")[0]["last_used_at", as: Int64?.self] == test.clock.clock.now())
        }
    }
}
