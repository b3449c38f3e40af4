// All or nothing, beside others.

import Foundation
import PostgresEngine
import SQLDatabase
import TestSupport
import Testing

@Suite struct TransactionTests {
    struct Oops: Error, Equatable { let number: Int }

    private func names(_ database: any Database) async throws -> [String] {
        try await database.query("SELECT name FROM owners ORDER BY name").map { try $0["name"] }
    }

    @Test(arguments: TestEngine.allCases) func `a thrown error passes through and undoes everything`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            await #expect(throws: Oops(number: 3)) {
                try await database.write { tx in
                    try tx.execute("INSERT INTO owners (name) VALUES ('a')")
                    throw Oops(number: 3)
                }
            }
            await #expect(throws: Oops(number: 4)) { try await database.read { _ in throw Oops(number: 4) } }
            let left = try await names(database)
            #expect(left == [])
        }
    }

    @Test(arguments: TestEngine.allCases) func `a savepoint undoes only its own changes`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { tx in
                try tx.execute("INSERT INTO owners (name) VALUES ('a')")
                #expect(throws: Oops.self) {
                    try tx.savepoint {
                        try tx.execute("INSERT INTO owners (name) VALUES ('lost')")
                        throw Oops(number: 1)
                    }
                }
                let error = #expect(throws: DatabaseError.self) { try tx.savepoint { try tx.execute("INSERT INTO owners (name) VALUES ('a')") } }
                #expect(error?.kind == .uniqueViolation)
                try tx.savepoint {
                    try tx.execute("INSERT INTO owners (name) VALUES ('b')")
                    _ = try? tx.savepoint { try tx.execute("INSERT INTO owners (name) VALUES ('b')") }
                    try tx.savepoint { try tx.execute("INSERT INTO owners (name) VALUES ('c')") }
                }
            }
            #expect(try await names(database) == ["a", "b", "c"])
        }
    }

    @Test(arguments: TestEngine.allCases) func `reads can not write`(_ engine: TestEngine) async throws {
        for onDisk in engine == .sqlite ? [false, true] : [false] {
            try await engine.withDatabase(migrations: sampleSchema, onDisk: onDisk, connections: 1) { database in
                let insert: SQL = "INSERT INTO owners (name) VALUES ('a')"
                #expect(await DatabaseError.Kind.thrown { _ = try await database.read { try $0.execute(insert) } } == .readOnly)
                #expect(await DatabaseError.Kind.thrown { _ = try await database.query(insert) } == .readOnly)
                try await database.write { try $0.execute(insert) }
                #expect(try await names(database) == ["a"])
            }
        }
    }

    @Test(arguments: TestEngine.allCases) func `a read sees one moment while writers go on`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema, onDisk: true) { database in
            try await database.write { try $0.execute("INSERT INTO owners (name) VALUES ('a')") }
            let (looked, written) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let counts = database.read { tx in
                let before: Int = try tx.execute("SELECT COUNT(*) AS n FROM owners")[0]["n"]
                looked.signal()
                written.wait()
                return [before, try tx.execute("SELECT COUNT(*) AS n FROM owners")[0]["n"]]
            }
            try await database.write { tx in
                looked.wait()
                try tx.execute("INSERT INTO owners (name) VALUES ('b')")
            }
            written.signal()
            #expect(try await counts == [1, 1])
            #expect(try await names(database) == ["a", "b"])
        }
    }

    @Test(arguments: TestEngine.allCases) func `nothing of a transaction is seen before its commit`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema, onDisk: true) { database in
            let (wrote, looked) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let writing: Void = database.write { tx in
                try tx.execute("INSERT INTO owners (name) VALUES ('a')")
                wrote.signal()
                looked.wait()
            }
            let seen = try await database.read { tx in
                wrote.wait()
                return try tx.execute("SELECT name FROM owners").count
            }
            looked.signal()
            try await writing
            #expect(seen == 0)
        }
    }

    @Test(arguments: TestEngine.allCases) func `sixteen writers on one counter lose nothing`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema, onDisk: true, connections: 6) { database in
            try await database.write { try $0.execute("INSERT INTO items (name) VALUES ('counter'), ('locked')") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await database.write { tx in
                                try tx.execute("UPDATE items SET count = count + 1 WHERE name = 'counter'")
                                let lock: SQL = "\(sqlite: "", postgres: "FOR UPDATE")"
                                let count: Int = try tx.execute("SELECT count FROM items WHERE name = 'locked' \(lock)")[0]["count"]
                                try tx.execute("UPDATE items SET count = \(count + 1) WHERE name = 'locked'")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.query("SELECT count FROM items").map { try $0["count", as: Int.self] } == [160, 160])
        }
    }

    @Test func `a write that could not be serialized runs again from the start`() async throws {
        try await TestEngine.postgres.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute("INSERT INTO items (name) VALUES ('counter')") }
            let attempts = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                let both = DispatchSemaphore(value: 0)
                for _ in 0..<2 {
                    group.addTask {
                        let isFirst = Shared(true)
                        try await database.write { tx in
                            attempts.withLock { $0 += 1 }
                            try tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                            let count: Int = try tx.execute("SELECT count FROM items")[0]["count"]
                            // Both have read before either writes.
                            if isFirst.withLock({ was in
                                defer { was = false }
                                return was
                            }) {
                                both.signal()
                                while attempts.withLock({ $0 }) < 2 { usleep(500) }
                                usleep(20_000)
                            }
                            try tx.execute("UPDATE items SET count = \(count + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(attempts.withLock { $0 } >= 3)
            #expect(try await database.query("SELECT count FROM items")[0]["count", as: Int.self] == 2)
        }
    }

    @Test func `of two writers in a deadlock one runs again`() async throws {
        try await TestEngine.postgres.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute("INSERT INTO items (name) VALUES ('a'), ('b')") }
            let holding = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [["a", "b"], ["b", "a"]] {
                    group.addTask {
                        try await database.write { tx in
                            try tx.execute("UPDATE items SET count = count + 1 WHERE name = \(order[0])")
                            holding.withLock { $0 += 1 }
                            while holding.withLock({ $0 }) < 2 { usleep(500) }
                            try tx.execute("UPDATE items SET count = count + 1 WHERE name = \(order[1])")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(holding.withLock { $0 } >= 3)
            #expect(try await database.query("SELECT count FROM items").map { try $0["count", as: Int.self] } == [2, 2])
        }
    }

    @Test func `a transaction that failed inside can not be mistaken for a committed one`() async throws {
        try await TestEngine.postgres.withDatabase(migrations: sampleSchema) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.write { tx in
                    try tx.execute("INSERT INTO owners (name) VALUES ('a')")
                    _ = try? tx.execute("INSERT INTO owners (name) VALUES ('a')")
                }
            }
            let left = try await names(database)
            #expect(left == [])
        }
    }

    @Test(arguments: TestEngine.allCases) func `closing waits for running work and refuses later work`(_ engine: TestEngine) async throws {
        let test = try await engine.makeDatabase(migrations: sampleSchema, onDisk: true)
        let began = DispatchSemaphore(value: 0)
        let database = test.database
        // Beside the test on purpose: the close has to come while a transaction is open.
        let closer = Task.detached {
            began.wait()
            await database.close()
        }
        try await database.write { tx in
            began.signal()
            usleep(60_000)
            try tx.execute("INSERT INTO owners (name) VALUES ('a')")
        }
        await closer.value
        #expect(await DatabaseError.Kind.thrown { _ = try await database.query("SELECT 1") } == .connectionLost)
        #expect(await DatabaseError.Kind.thrown { try await database.write { _ in } } == .connectionLost)
        #expect(try await database.listen(to: "late").first { _ in true } == nil)
        await test.drop()
    }
}
