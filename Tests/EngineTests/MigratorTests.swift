// The schema, brought up to date once.

import Foundation
import PostgresEngine
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@Suite struct MigratorTests {
    private let steps = [
        Migration(1, "first", ["CREATE TABLE one (id \(.primaryKey), name TEXT NOT NULL)"]),
        Migration(2, "second", ["ALTER TABLE one ADD COLUMN size BIGINT", "INSERT INTO one (name, size) VALUES ('seed', 1)"]),
        Migration(5, "third", ["CREATE INDEX one_size ON one (size)", "\(sqlite: "", postgres: "COMMENT ON TABLE one IS 'one engine only'")"]),
    ]

    @Test(arguments: TestEngine.allCases) func `migrations apply in order and once`(_ engine: TestEngine) async throws {
        try await engine.withDatabase { database in
            let migrator = Migrator(steps)
            #expect(try await migrator.pending(database) == ["first", "second", "third"])
            #expect(try await Migrator([steps[0]]).migrate(database, now: 17) == ["first"])
            #expect(try await migrator.pending(database) == ["second", "third"])
            #expect(try await migrator.migrate(database, now: 18) == ["second", "third"])
            #expect(try await migrator.migrate(database, now: 19) == [])
            #expect(try await migrator.pending(database) == [])
            #expect(try await database.query("SELECT name FROM one").count == 1)
            let notes = try await database.query("SELECT id, name, applied_at FROM schema_migrations ORDER BY id").map(\.values)
            #expect(
                notes == [
                    [.integer(1), .text("first"), .integer(17)], [.integer(2), .text("second"), .integer(18)],
                    [.integer(5), .text("third"), .integer(18)],
                ]
            )
        }
    }

    @Test(arguments: TestEngine.allCases) func `of many who migrate at once one does it`(_ engine: TestEngine) async throws {
        let test = try await engine.makeDatabase(onDisk: true)
        let other: any Database =
            switch engine {
            case .sqlite: try SQLiteDatabase(path: String(test.url.dropFirst("sqlite:".count)))
            case .postgres, .pooled: test.postgres()
            }
        let steps = steps
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<8 {
                group.addTask { try await Migrator(steps).migrate(number % 2 == 0 ? test.database : other, now: 0) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == ["first", "second", "third"])
        #expect(try await other.query("SELECT name FROM one").count == 1)
        await other.close()
        await test.drop()
    }

    @Test(arguments: TestEngine.allCases) func `a migration that fails leaves nothing`(_ engine: TestEngine) async throws {
        try await engine.withDatabase { database in
            let broken = steps + [Migration(9, "broken", ["CREATE TABLE two (id \(.primaryKey))", "INSERT INTO nowhere (id) VALUES (1)"])]
            #expect(await DatabaseError.Kind.thrown { _ = try await Migrator(broken).migrate(database, now: 0) } == .other)
            let pending = try await Migrator(broken).pending(database)
            #expect(pending.count == 4)
            #expect(await DatabaseError.Kind.thrown { _ = try await database.query("SELECT id FROM one") } == .other)
            #expect(try await Migrator(steps).migrate(database, now: 0).count == 3)
        }
    }

    @Test(arguments: TestEngine.allCases) func `a database of a newer version is refused`(_ engine: TestEngine) async throws {
        try await engine.withDatabase { database in
            try await Migrator(steps).migrate(database, now: 0)
            let old = Migrator(Array(steps.prefix(2)))
            let error = await #expect(throws: DatabaseError.self) { try await old.migrate(database, now: 0) }
            #expect(error?.kind == .schema)
            #expect(error?.message.contains("5") == true)
            #expect(await DatabaseError.Kind.thrown { _ = try await old.pending(database) } == .schema)
        }
    }
}
