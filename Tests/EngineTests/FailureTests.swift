// Broken connections, full pools, slow statements: an error in time, and then it works again.

import Foundation
import PostgresEngine
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    private func backend(_ tx: any Connection) throws -> Int { try tx.execute("SELECT pg_backend_pid() AS pid")[0]["pid"] }

    private func kill(_ pid: Int, from database: any Database) async throws {
        // The second argument: wait until it is gone.
        _ = try await database.query("SELECT pg_terminate_backend(CAST(\(pid) AS INTEGER), 5000)")
    }

    // MARK: Lost connections

    @Test func `a connection that dies in a transaction fails it and the next one works`() async throws {
        let test = try await TestEngine.postgres.makeDatabase(migrations: sampleSchema)
        let victim = test.postgres { $0.connections = 1 }
        let (pids, pid) = AsyncStream.makeStream(of: Int.self)
        let killed = DispatchSemaphore(value: 0)
        let writing = Task {
            try await victim.write { tx in
                try tx.execute("INSERT INTO owners (name) VALUES ('lost')")
                pid.yield(try backend(tx))
                killed.wait()
                // Whoever swallows the error must not go on in a transaction that is none.
                _ = try? tx.execute("INSERT INTO owners (name) VALUES ('lost too')")
                _ = try? tx.execute("INSERT INTO owners (name) VALUES ('alone')")
            }
        }
        try await kill(await pids.first { _ in true } ?? 0, from: test.database)
        killed.signal()
        #expect(await DatabaseError.Kind.thrown { try await writing.value } == .connectionLost)
        try await victim.write { try $0.execute("INSERT INTO owners (name) VALUES ('kept')") }
        #expect(try await victim.query("SELECT name FROM owners").map { try $0["name", as: String.self] } == ["kept"])
        await victim.close()
        await test.drop()
    }

    @Test func `a savepoint in a lost connection tells the loss`() async throws {
        let test = try await TestEngine.postgres.makeDatabase()
        let victim = test.postgres { $0.connections = 1 }
        let kind = await DatabaseError.Kind.thrown {
            try await victim.write { tx in
                try tx.savepoint { try tx.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
        }
        #expect(kind == .connectionLost)
        #expect(try await victim.query("SELECT 1 AS one").count == 1)
        await victim.close()
        await test.drop()
    }

    @Test func `a connection that dies while idle is replaced and nobody notices`() async throws {
        let test = try await TestEngine.postgres.makeDatabase(migrations: sampleSchema)
        let victim = test.postgres { $0.connections = 1 }
        try await kill(victim.read { try backend($0) }, from: test.database)
        try await victim.write { try $0.execute("INSERT INTO owners (name) VALUES ('a')") }
        try await kill(victim.read { try backend($0) }, from: test.database)
        #expect(try await victim.query("SELECT name FROM owners").count == 1)
        try await kill(victim.read { try backend($0) }, from: test.database)
        #expect(try await victim.read { try $0.execute("SELECT name FROM owners") }.count == 1)
        await victim.close()
        await test.drop()
    }

    @Test func `a server that is not there is a lost connection, at once`() async throws {
        // The port of a socket that is bound and not listening is nobody else's.
        let holder = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(holder) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(holder, pointer, length) == 0 && getsockname(holder, pointer, &length) == 0)
            }
        }
        let database = PostgresDatabase(url: "postgres://nobody:secret-word@127.0.0.1:\(UInt16(bigEndian: address.sin_port))/none")
        let start = ContinuousClock.now
        for _ in 0..<2 {
            let error = await #expect(throws: DatabaseError.self) { try await database.query("SELECT 1") }
            #expect(error?.kind == .connectionLost)
            #expect(error?.message.contains("secret-word") == false)
        }
        #expect(await DatabaseError.Kind.thrown { try await database.write { _ in } } == .connectionLost)
        #expect(ContinuousClock.now - start < .seconds(5))
        _ = try await database.listen(to: "news")
        let closing = ContinuousClock.now
        await database.close()
        #expect(ContinuousClock.now - closing < .seconds(2))
    }

    @Test func `a database that goes away and comes back is used again, and listeners hear again`() async throws {
        let test = try await TestEngine.postgres.makeDatabase(migrations: sampleSchema)
        let name: String = try await test.database.query("SELECT current_database() AS name")[0]["name"]
        var elsewhere = try #require(URLComponents(string: test.url))
        elsewhere.path = "/postgres"
        let administration = PostgresDatabase(url: elsewhere.string ?? "")
        var messages = try await test.database.listen(to: "news").makeAsyncIterator()
        #expect(await messages.next() == "")
        // A restart as the clients see it: connections die and new ones are refused for a while.
        try await administration.runAlone(SQL(trusting: "ALTER DATABASE \(name) ALLOW_CONNECTIONS false"))
        _ = try await administration.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = \(name)")
        #expect(await DatabaseError.Kind.thrown { _ = try await test.database.query("SELECT 1") } == .connectionLost)
        #expect(await DatabaseError.Kind.thrown { try await test.database.write { _ in } } == .connectionLost)
        try await administration.runAlone(SQL(trusting: "ALTER DATABASE \(name) ALLOW_CONNECTIONS true"))
        try await test.database.write { try $0.execute("INSERT INTO owners (name) VALUES ('back')") }
        #expect(await messages.next() == "")
        try await test.database.write { try $0.notify("news", "again") }
        #expect(await messages.next() == "again")
        await administration.close()
        await test.drop()
    }

    // MARK: Limits

    @Test(arguments: TestEngine.allCases) func `who waits too long for a connection is told, and later ones are served`(_ engine: TestEngine)
        async throws
    {
        let test = try await engine.makeDatabase()
        let database: any Database =
            switch engine {
            case .sqlite: try SQLiteDatabase(path: nil, readers: 1, waitLimit: .milliseconds(80))
            case .postgres, .pooled:
                test.postgres {
                    $0.connections = 1
                    $0.waitLimit = .milliseconds(80)
                }
            }
        // On SQLite nobody waits here for the memory database itself: only the reader's thread is taken.
        let (began, finish) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let blocker = Task {
            try await database.read { _ in
                began.signal()
                finish.wait()
            }
        }
        // The wait blocks its thread, so it has a task that holds nothing else.
        await Task.detached { began.wait() }.value
        let error = await #expect(throws: DatabaseError.self) { try await database.query("SELECT 1") }
        #expect(error?.kind == .exhausted)
        finish.signal()
        try await blocker.value
        #expect(try await database.query("SELECT 1 AS one").count == 1)
        await database.close()
        await test.drop()
    }

    @Test func `a statement that runs too long is stopped`() async throws {
        let test = try await TestEngine.postgres.makeDatabase()
        let database = test.postgres { $0.limits[.request]?.runs = .milliseconds(60) }
        #expect(await DatabaseError.Kind.thrown { _ = try await database.query("SELECT pg_sleep(20)") } == .timeout)
        #expect(await DatabaseError.Kind.thrown { try await database.write { try $0.execute("SELECT pg_sleep(20)") } } == .timeout)
        #expect(try await database.query("SELECT 1 AS one").count == 1)
        await database.close()
        await test.drop()
    }

    @Test func `interrupting SQLite stops what runs and nothing else`() async throws {
        let database = try SQLiteDatabase(path: nil)
        try await Migrator(sampleSchema).migrate(database, now: 0)
        let began = Shared(false)
        let endless = Task {
            try await database.write { tx in
                try tx.execute("INSERT INTO owners (name) VALUES ('lost')")
                began.withLock { $0 = true }
                try tx.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n")
            }
        }
        while !began.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(20))
        database.interrupt()
        #expect(await DatabaseError.Kind.thrown { try await endless.value } == .timeout)
        #expect(try await database.query("SELECT name FROM owners").isEmpty)
        try await database.write { try $0.execute("INSERT INTO owners (name) VALUES ('kept')") }
        await database.close()
    }

    @Test func `a lock that does not come is a conflict, and is not waited for again and again`() async throws {
        let test = try await TestEngine.postgres.makeDatabase(migrations: sampleSchema)
        let database = test.postgres { $0.limits[.request]?.waits = .milliseconds(60) }
        try await database.write { try $0.execute("INSERT INTO owners (name) VALUES ('a')") }
        let (locked, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let holder = Task {
            try await test.database.write { tx in
                try tx.execute("UPDATE owners SET name = 'b'")
                locked.signal()
                release.wait()
            }
        }
        // The wait blocks its thread, so it has a task that holds nothing else.
        await Task.detached { locked.wait() }.value
        let tries = Shared(0)
        let kind = await DatabaseError.Kind.thrown {
            try await database.write { tx in
                tries.withLock { $0 += 1 }
                try tx.execute("UPDATE owners SET name = 'c'")
            }
        }
        #expect(kind == .conflict)
        #expect(tries.withLock { $0 } == 1)
        release.signal()
        try await holder.value
        try await database.write { try $0.execute("UPDATE owners SET name = 'c'") }
        await database.close()
        await test.drop()
    }
}
