// Alive and ready are two things.

import Backends
import Dispatch
import PostgresEngine
import Registry
import SQLDatabase
import Synchronization
import TestSupport
import Testing

@testable import Web

@Suite struct ReadinessTests {
    /// Asks until the answer has this status.
    private func wait(for status: Int, _ client: WebClient) async throws -> RawResponse {
        while true {
            let answer = try await client.get("/_ready/")
            if answer.status == status { return answer }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test func `an index that works is ready, and being asked leaves nothing behind`() async throws {
        try await Site.run { site in
            let answer = try await site.client.get("/_ready/")
            #expect(answer.status == 200)
            #expect(answer.text == "OK\n")
            #expect(answer["Cache-Control"] == "no-store")
            #expect(try await site.client.head("/_ready/").status == 200)
            try await site.checkUntouched()
        }
    }

    @Test(.timeLimit(.minutes(2))) func `while nobody can write it is not ready but alive, and afterwards ready again`() async throws {
        try await Site.run { site in
            let gate = DispatchSemaphore(value: 0)
            let isHeld = Atomic<Bool>(false)
            async let holder: Void = site.test.db.write { tx in
                // On SQLite one writer keeps out all others; on PostgreSQL somebody has to lock what an upload needs, as a migration would.
                if tx.dialect == .postgres { try tx.execute("LOCK TABLE pending_files IN ACCESS EXCLUSIVE MODE") }
                isHeld.store(true, ordering: .releasing)
                gate.wait()
            }
            while !isHeld.load(ordering: .acquiring) { await Task.yield() }
            let answer = try await site.client.get("/_ready/")
            #expect(answer.status == 503)
            #expect(answer.text == "index: it did not answer within 2.0 seconds\n")
            #expect(answer["Cache-Control"] == "no-store")
            // Asking more does not pile up work: of all checks one runs.
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await site.client.get("/_ready/").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == Array(repeating: 503, count: 20))
            #expect(site.test.db.load.map { $0.waiting }.reduce(0, +) <= 1)
            #expect(site.test.db.load.map { $0.busy }.reduce(0, +) <= 2)
            #expect(try await site.client.get("/_health/").status == 200)
            gate.signal()
            try await holder
            #expect(try await wait(for: 200, site.client).text == "OK\n")
        }
    }

    @Test(.timeLimit(.minutes(2))) func `without a database server it is not ready, says so without naming it, and is alive`() async throws {
        try await TestIndex.run { test in
            // A port that was free a moment ago: nobody listens there.
            var port = 0
            try await test.serve { port = $0.port }
            let down = PostgresDatabase(url: "postgres://nobody:a-password@127.0.0.1:\(port)/none")
            let index = PackageIndex(
                database: down,
                storage: test.storage,
                passwords: test.index.passwords,
                secrets: test.index.secrets,
                readme: test.index.readme,
                settings: test.index.settings,
                clock: test.index.clock,
                logger: test.index.logger
            )
            try await test.serve(index: index) { client in
                let answer = try await client.get("/_ready/")
                #expect(answer.status == 503)
                #expect(answer.text == "database: there is no connection\n")
                #expect(try await client.get("/_health/").text == "OK\n")
                let metrics = try await client.metrics()
                #expect(metrics.value("emporium_job_queue_up") == 0)
                #expect(metrics.value("emporium_job_queue_oldest_due_seconds") == nil)
                #expect(metrics.value("emporium_database_pool_size", ["pool": "all"]) == 8)
            }
            await down.close()
        }
    }

    @Test func `a storage that does not answer is named, but not where it is`() async throws {
        try await TestIndex.run { test in
            try await test.serve(index: test.index(storage: DeafStorage())) { client in
                let answer = try await client.get("/_ready/")
                #expect(answer.status == 503)
                #expect(answer.text == "storage: it does not answer\n")
            }
        }
    }

    // MARK: The question

    @Test func `of many that ask at once one question is put, and its answer is given again for a while`() async throws {
        let asked = Atomic<Int>(0)
        let gate = Gate(places: 0)
        let shared = SharedAnswer<Int>(keptFor: .seconds(600), patience: .seconds(60)) {
            asked.wrappingAdd(1, ordering: .relaxed)
            await gate.enter()
            return 42
        }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                await shared.run()
                return 0
            }
            for _ in 0..<100 { group.addTask { await shared.fresh() } }
            while asked.load(ordering: .relaxed) == 0 { await Task.yield() }
            gate.leave()
            for _ in 0..<100 {
                let answer = try await group.next()
                #expect(answer == .some(42))
            }
            #expect(await shared.fresh() == 42)
            #expect(asked.load(ordering: .relaxed) == 1)
            group.cancelAll()
        }
    }

    @Test func `who has no patience left goes without an answer, and the question is put once for those who come after`() async throws {
        let asked = Atomic<Int>(0)
        let gate = Gate(places: 0)
        let shared = SharedAnswer<Int>(keptFor: .seconds(600), patience: .milliseconds(20)) {
            asked.wrappingAdd(1, ordering: .relaxed)
            await gate.enter()
            return 42
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await shared.run() }
            for _ in 0..<5 { #expect(await shared.fresh() == nil) }
            #expect(asked.load(ordering: .relaxed) <= 1)
            gate.leave()
            while await shared.fresh() != 42 {}
            #expect(asked.load(ordering: .relaxed) == 1)
            group.cancelAll()
        }
    }
}

/// A storage that fails at everything.
private struct DeafStorage: FileStorage {
    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) { throw .unavailable("/secret/path is gone") }
    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) { throw .unavailable("/secret/path is gone") }
    func size(of path: StoragePath) async throws(StorageError) -> Int64 { throw .unavailable("/secret/path is gone") }
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { throw .unavailable("/secret/path is gone") }
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool { throw .unavailable("/secret/path is gone") }
    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        throw .unavailable("/secret/path is gone")
    }
}
