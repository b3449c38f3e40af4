// The SQL that both engines understand.

import SQLDatabase
import TestSupport
import Testing

@Suite struct StatementTests {
    @Test(arguments: TestEngine.allCases) func `a list finds its members and an empty one nothing`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute("INSERT INTO owners (name) VALUES ('a'), ('b'), ('c')") }
            #expect(try await database.query("SELECT id FROM owners WHERE name IN (\(list: ["a", "c", "x"]))").count == 2)
            #expect(try await database.query("SELECT id FROM owners WHERE name IN (\(list: [String]()))").isEmpty)
            #expect(try await database.query("SELECT id FROM owners WHERE id IN (\(list: [Int]()))").isEmpty)
            #expect(try await database.query("SELECT id FROM owners WHERE id IN (\(list: 1...2000))").count == 3)
        }
    }

    @Test(arguments: TestEngine.allCases) func `insert, update and delete return rows`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let (inserted, updated, deleted, none) = try await database.write { tx in
                (
                    try tx.execute("INSERT INTO items (name) VALUES ('a'), ('b') RETURNING name, count").map(\.values),
                    try tx.execute("UPDATE items SET count = count + 2 WHERE name = \("b") RETURNING count").map(\.values),
                    try tx.execute("DELETE FROM items WHERE name = 'a' RETURNING name").map(\.values),
                    try tx.execute("DELETE FROM items WHERE name = 'a'").map(\.values)
                )
            }
            #expect(inserted == [[.text("a"), .integer(0)], [.text("b"), .integer(0)]])
            #expect(updated == [[.integer(2)]])
            #expect(deleted == [[.text("a")]])
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: TestEngine.allCases) func `an upsert does nothing or updates`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let (first, second, third) = try await database.write { tx in
                (
                    try tx.execute("INSERT INTO owners (name) VALUES ('a') ON CONFLICT DO NOTHING RETURNING id").count,
                    try tx.execute("INSERT INTO owners (name) VALUES ('a') ON CONFLICT (name) DO NOTHING RETURNING id").count,
                    try tx.execute(
                        """
                        INSERT INTO items (name, count) VALUES ('a', 1), ('b', 7) ON CONFLICT (name, version) DO UPDATE SET count = items.count + excluded.count
                        RETURNING count
                        """
                    ).count
                )
            }
            #expect([first, second, third] == [1, 0, 2])
            let count: Int = try await database.write { tx in
                try tx.execute(
                    """
                    INSERT INTO items (name, count) VALUES ('b', \(3)) ON CONFLICT (name, version) DO UPDATE SET count = items.count + excluded.count RETURNING count
                    """
                )[0]["count"]
            }
            #expect(count == 10)
        }
    }

    @Test(arguments: TestEngine.allCases) func `common table expressions and window functions work`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute("INSERT INTO items (name, version, count) VALUES ('a', '1', 1), ('a', '2', 5), ('b', '1', 3)") }
            let rows = try await database.query(
                """
                WITH ranked AS (SELECT name, version, ROW_NUMBER() OVER (PARTITION BY name ORDER BY count DESC) AS place FROM items WHERE count > \(0))
                SELECT name, version FROM ranked WHERE place = 1 ORDER BY name
                """
            )
            #expect(rows.map(\.values) == [[.text("a"), .text("2")], [.text("b"), .text("1")]])
            let numbers = try await database.query(
                "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < \(5)) SELECT i FROM n ORDER BY i"
            )
            #expect(try numbers.map { try $0["i", as: Int.self] } == [1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: TestEngine.allCases) func `the same statement takes values and NULL in turn`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            for value in [1, nil, 2, nil] as [Int?] {
                let row = try await database.write { try $0.execute("INSERT INTO kinds (i) VALUES (\(value)) RETURNING i")[0] }
                #expect(try row["i", as: Int?.self] == value)
            }
        }
    }

    @Test(arguments: TestEngine.allCases) func `more distinct statements than a connection remembers all work`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(connections: 1) { database in
            let sum = try await database.read { tx in
                try (1...600).reduce(0) { sum, count in
                    try sum + tx.execute("SELECT COUNT(*) AS n FROM (SELECT 1) AS one WHERE 1 IN (\(list: 1...count))")[0]["n", as: Int.self]
                }
            }
            #expect(sum == 600)
        }
    }

    @Test(arguments: TestEngine.allCases) func `a column added by a migration does not break prepared statements`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema, onDisk: true, connections: 1) { database in
            try await database.write { try $0.execute("INSERT INTO owners (name) VALUES ('a')") }
            // A `*` changes its meaning; PostgreSQL refuses the old plan once. (On SQLite it keeps the columns it had: code names its columns.)
            for all: SQL in engine != .sqlite ? ["SELECT * FROM owners", "SELECT name FROM owners"] : ["SELECT name FROM owners"] {
                _ = try await database.query(all)
                _ = try await database.read { try $0.execute(all) }
                try await database.write { try $0.execute("ALTER TABLE owners ADD COLUMN extra TEXT DEFAULT 'x'") }
                #expect(try await database.query(all).count == 1)
                try await database.write { try $0.execute("ALTER TABLE owners ADD COLUMN more TEXT DEFAULT 'y'") }
                let rows = try await database.read { try $0.execute(all) }
                #expect(rows.count == 1)
                #expect(try await database.query("SELECT extra, more FROM owners")[0].values == [.text("x"), .text("y")])
                try await database.write { try $0.execute("ALTER TABLE owners DROP COLUMN extra") }
                try await database.write { try $0.execute("ALTER TABLE owners DROP COLUMN more") }
                #expect(try await database.query(all)[0].columns.names.contains("extra") == false)
            }
        }
    }

    @Test(arguments: TestEngine.allCases) func `a wrong statement says so and harms nobody`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema, connections: 1) { database in
            #expect(await DatabaseError.Kind.thrown { _ = try await database.query("SELEKT 1") } == .other)
            #expect(await DatabaseError.Kind.thrown { _ = try await database.query("SELECT missing FROM owners") } == .other)
            let rows = try await database.query("SELECT 1 AS one")
            #expect(try rows[0]["one", as: Int.self] == 1)
        }
    }
}
