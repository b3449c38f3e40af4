// A PostgreSQL server that dies, stands still or comes back, and what the program before it notices.

import Foundation
import PostgresEngine
import SQLDatabase
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct PostgresServerTests {
    private func database(_ server: PostgresServer, _ tune: (inout PostgresDatabase.Options) -> Void = { _ in }) -> PostgresDatabase {
        var options = PostgresDatabase.Options()
        options.connections = 2
        tune(&options)
        return PostgresDatabase(url: server.url(), options: options)
    }

    private func names(_ database: any Database) async throws -> [String] {
        try await database.query("SELECT name FROM owners ORDER BY id").map { try $0[at: 0] }
    }

    private func add(_ name: String, to database: any Database) async throws {
        try await database.write { try $0.execute("INSERT INTO owners (name) VALUES (\(name))") }
    }

    @Test func `a server that is killed takes no commit with it that was answered, and is used again as soon as it is back`() async throws {
        try await withFolder { folder in
            let server = try await PostgresServer(in: folder)
            let database = database(server)
            try await Migrator(sampleSchema).migrate(database, now: 0)
            let (began, killed) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            try await add("answered", to: database)
            let cutOff = Task {
                try await database.write { tx in
                    try tx.execute("INSERT INTO owners (name) VALUES ('cut off')")
                    began.signal()
                    killed.wait()
                }
            }
            await Task.detached { began.wait() }.value
            try await server.kill()
            killed.signal()
            #expect(await DatabaseError.Kind.thrown { try await cutOff.value } == .connectionLost)
            #expect(await DatabaseError.Kind.thrown { try await add("to nobody", to: database) } == .connectionLost)
            try await server.start()
            try await add("afterwards", to: database)
            #expect(try await names(database) == ["answered", "afterwards"])
            await database.close()
            try await server.stop()
        }
    }

    @Test func `a server that stands still keeps no caller longer than its limit, and none of them is left behind`() async throws {
        try await withFolder { folder in
            let server = try await PostgresServer(in: folder)
            let database = database(server) { $0.waitLimit = .milliseconds(300) }
            try await Migrator(sampleSchema).migrate(database, now: 0)
            try await add("before", to: database)
            server.pause()
            let stuck = (1...2).map { number in Task { try await self.add("stuck \(number)", to: database) } }
            while database.load.first?.busy != 2 { try await Task.sleep(for: .milliseconds(2)) }
            // Both connections wait for a server that says nothing; nobody else has to.
            #expect(await DatabaseError.Kind.thrown { try await add("third", to: database) } == .exhausted)
            server.resume()
            for task in stuck { try await task.value }
            #expect(try await names(database).count == 3)
            #expect(database.load.first?.waiting == 0)
            await database.close()
            try await server.stop()
        }
    }

    @Test func `messages are heard again after the server was gone, beginning with one that says to look`() async throws {
        try await withFolder { folder in
            let server = try await PostgresServer(in: folder)
            let database = database(server)
            var messages = try await database.listen(to: "news").makeAsyncIterator()
            #expect(await messages.next() == "")
            try await database.write { try $0.notify("news", "one") }
            #expect(await messages.next() == "one")
            try await server.kill()
            try await server.start()
            #expect(await messages.next() == "")
            try await database.write { try $0.notify("news", "two") }
            #expect(await messages.next() == "two")
            await database.close()
            try await server.stop()
        }
    }
}

/// What lasts when each transaction may have another connection. (Every other test of the engines runs behind such a pooler too.)
@Suite(.timeLimit(.minutes(1))) struct PooledDatabaseTests {
    @Test func `more transactions than the pooler has connections lose nothing, with statements that other connections never saw`() async throws {
        let test = try await TestEngine.pooled.makeDatabase(migrations: sampleSchema, connections: 2)
        let database = test.postgres { $0.connections = 12 }
        try await database.write { try $0.execute("INSERT INTO items (name) VALUES ('a')") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { () async throws -> Void in
                    if number % 2 == 0 {
                        try await database.write { try $0.execute("UPDATE items SET count = count + \(1) WHERE name = \("a")") }
                        return
                    }
                    let rows = try await database.query("SELECT count FROM items WHERE name = \("a") AND \(number) > \(0)")
                    #expect(rows.count == 1)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.query("SELECT count FROM items")[0][at: 0, as: Int.self] == 100)
        await database.close()
        await test.drop()
    }

    @Test func `limits hold for each transaction, and nothing that one has set reaches the next`() async throws {
        let test = try await TestEngine.pooled.makeDatabase(migrations: sampleSchema, connections: 1)
        let database = test.postgres {
            $0.connections = 1
            $0.limits[.request]?.runs = .milliseconds(80)
        }
        #expect(await DatabaseError.Kind.thrown { _ = try await database.query("SELECT pg_sleep(20)") } == .timeout)
        #expect(await DatabaseError.Kind.thrown { try await database.write { try $0.execute("SELECT pg_sleep(20)") } } == .timeout)
        #expect(await DatabaseError.Kind.thrown { _ = try await database.query("INSERT INTO items (name) VALUES ('b')") } == .readOnly)
        // The same connection of the server, used past the program: as it was.
        let plain = test.postgres { $0.limits = [:] }
        let timeout = try await DatabaseWork.$current.withValue(.maintenance) {
            try await plain.read { try $0.execute("SELECT current_setting('statement_timeout') AS t")[0][at: 0, as: String.self] }
        }
        #expect(timeout == "0")
        await plain.close()
        await database.close()
        await test.drop()
    }

    @Test func `without a way past the pooler nobody listens, and nobody is told anything wrong`() async throws {
        let test = try await TestEngine.pooled.makeDatabase()
        let database = test.postgres { $0.listenURL = nil }
        let messages = try await database.listen(to: "news")
        let listening = Task { await messages.reduce(into: [String]()) { $0.append($1) } }
        try await database.write { try $0.notify("news", "one") }
        await database.close()
        #expect(await listening.value == [])
        await test.drop()
    }
}

/// How long a statement may take, by what it is for.
@Suite(.timeLimit(.minutes(1))) struct DatabaseWorkTests {
    @Test(arguments: [TestEngine.postgres, .pooled]) func `a job may take longer than a request, and an operator longer than a job`(
        _ engine: TestEngine
    ) async throws {
        let test = try await engine.makeDatabase()
        func limit() async throws -> [String] {
            let sql: SQL = "SELECT current_setting('statement_timeout') AS t"
            return [
                try await test.database.query(sql)[0][at: 0], try await test.database.read { try $0.execute(sql)[0][at: 0] },
                try await test.database.write { try $0.execute(sql)[0][at: 0] },
            ]
        }
        #expect(try await limit() == ["30s", "30s", "30s"])
        #expect(try await DatabaseWork.$current.withValue(.job) { try await limit() } == ["5min", "5min", "5min"])
        #expect(try await DatabaseWork.$current.withValue(.maintenance) { try await limit() } == ["1h", "1h", "1h"])
        #expect(try await limit() == ["30s", "30s", "30s"])
        await test.drop()
    }
}
