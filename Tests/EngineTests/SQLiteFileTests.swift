// What is particular to SQLite's file.

import Foundation
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@Suite struct SQLiteFileTests {
    private func withFile(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("test.sqlite").path)
    }

    private func setting(_ name: StaticString, _ database: SQLiteDatabase) async throws -> SQLValue {
        try await database.write { try $0.execute(SQL(trusting: "PRAGMA \(name)"))[0].values[0] }
    }

    @Test func `a commit reaches the disk and foreign keys are enforced`() async throws {
        try await withFile { path in
            let database = try SQLiteDatabase(path: path)
            #expect(try await setting("synchronous", database) == .integer(2))
            #expect(try await setting("foreign_keys", database) == .integer(1))
            #expect(try await setting("journal_mode", database) == .text("wal"))
            await database.close()
            let faster = try SQLiteDatabase(path: path, synchronous: .normal)
            #expect(try await setting("synchronous", faster) == .integer(1))
            await faster.close()
        }
        let memory = try SQLiteDatabase(path: nil)
        #expect(try await setting("foreign_keys", memory) == .integer(1))
        await memory.close()
    }

    @Test func `what was committed is there after opening again`() async throws {
        try await withFile { path in
            let first = try SQLiteDatabase(path: path)
            try await Migrator(sampleSchema).migrate(first, now: 0)
            try await first.write { try $0.execute("INSERT INTO owners (name) VALUES ('a')") }
            await first.close()
            let second = try SQLiteDatabase(path: path)
            #expect(try await second.query("SELECT name FROM owners").count == 1)
            await second.close()
        }
    }

    @Test func `a file that is no database is called corrupt`() async throws {
        try await withFile { path in
            try Data(String(repeating: "this is no database ", count: 500).utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: path) }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func `a database with a damaged page is called corrupt`() async throws {
        try await withFile { path in
            let first = try SQLiteDatabase(path: path)
            try await Migrator(sampleSchema).migrate(first, now: 0)
            try await first.write { tx in
                for number in 0..<2000 { try tx.execute("INSERT INTO owners (name) VALUES (\("owner number \(number)"))") }
            }
            await first.close()
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            for page in 2..<Int(try file.seekToEnd() / 4096) {
                try file.seek(toOffset: UInt64(page * 4096))
                try file.write(contentsOf: Data(repeating: 0xEE, count: 4096))
            }
            try file.close()
            let second = try SQLiteDatabase(path: path)
            #expect(await DatabaseError.Kind.thrown { _ = try await second.query("SELECT name FROM owners ORDER BY id") } == .corrupt)
            await second.close()
        }
    }

    @Test func `a folder that is missing is a lost connection`() {
        let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: "/nonexistent/folder/test.sqlite") }
        #expect(error?.kind == .connectionLost)
    }

    @Test func `two openers of one file write at the same time and nobody is told that it is locked`() async throws {
        try await withFile { path in
            let databases = [try SQLiteDatabase(path: path), try SQLiteDatabase(path: path)]
            try await Migrator(sampleSchema).migrate(databases[0], now: 0)
            try await databases[0].write { try $0.execute("INSERT INTO items (name) VALUES ('counter')") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await databases[number % 2].write { tx in
                                let count: Int = try tx.execute("SELECT count FROM items")[0]["count"]
                                try tx.execute("UPDATE items SET count = \(count + 1)")
                            }
                            _ = try await databases[1 - number % 2].query("SELECT count FROM items")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await databases[1].query("SELECT count FROM items")[0]["count", as: Int.self] == 80)
            for database in databases { await database.close() }
        }
    }

    @Test func `another process that holds the lock too long is a conflict`() async throws {
        try await withFile { path in
            let (patient, hasty) = (try SQLiteDatabase(path: path), try SQLiteDatabase(path: path, busyLimit: .milliseconds(60)))
            try await Migrator(sampleSchema).migrate(patient, now: 0)
            let (began, finish) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let holder = Task {
                try await patient.write { _ in
                    began.signal()
                    finish.wait()
                }
            }
            // The wait blocks its thread, so it has a task that holds nothing else.
            await Task.detached { began.wait() }.value
            #expect(await DatabaseError.Kind.thrown { try await hasty.write { _ in } } == .conflict)
            finish.signal()
            try await holder.value
            try await hasty.write { _ in }
            await patient.close()
            await hasty.close()
        }
    }
}
