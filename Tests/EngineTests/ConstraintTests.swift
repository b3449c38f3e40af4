// Refusals of the database, the same error on both engines.

import SQLDatabase
import TestSupport
import Testing

@Suite struct ConstraintTests {
    private func error(of statement: SQL, after setUp: SQL, on engine: TestEngine) async throws -> DatabaseError? {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute(setUp) }
            do {
                try await database.write { try $0.execute(statement) }
                return nil
            } catch let error as DatabaseError {
                // Whatever was refused, the next one goes on.
                try await database.write { try $0.execute("INSERT INTO owners (name) VALUES ('afterwards')") }
                return error
            }
        }
    }

    @Test(arguments: TestEngine.allCases) func `a unique violation names its column`(_ engine: TestEngine) async throws {
        let error = try await error(of: "INSERT INTO owners (name) VALUES (\("a"))", after: "INSERT INTO owners (name) VALUES ('a')", on: engine)
        #expect(error?.kind == .uniqueViolation)
        #expect(error?.columns == ["name"])
        #expect(error?.isUniqueViolation(of: "name") == true)
        #expect(error?.isUniqueViolation(of: "id") == false)
    }

    @Test(arguments: TestEngine.allCases) func `a unique violation of two columns names both in order`(_ engine: TestEngine) async throws {
        let insert: SQL = "INSERT INTO items (name, version) VALUES ('x, y)', '2')"
        let error = try await error(of: insert, after: insert, on: engine)
        #expect(error?.kind == .uniqueViolation)
        #expect(error?.columns == ["name", "version"])
    }

    @Test(arguments: TestEngine.allCases) func `a primary key is unique too`(_ engine: TestEngine) async throws {
        let error = try await error(
            of: "INSERT INTO owners (id, name) VALUES (7, 'b')",
            after: "INSERT INTO owners (id, name) VALUES (7, 'a')",
            on: engine
        )
        #expect(error?.kind == .uniqueViolation)
        #expect(error?.columns == ["id"])
    }

    @Test(arguments: TestEngine.allCases) func `a foreign key refuses an unknown owner and the removal of a known one`(_ engine: TestEngine)
        async throws
    {
        let setUp: SQL = "INSERT INTO owners (id, name) VALUES (50, 'a')"
        #expect(try await error(of: "INSERT INTO items (name, owner_id) VALUES ('x', 99)", after: setUp, on: engine)?.kind == .foreignKeyViolation)
        try await engine.withDatabase(migrations: sampleSchema) { database in
            try await database.write { try $0.execute(setUp) }
            try await database.write { try $0.execute("INSERT INTO items (name, owner_id) VALUES ('x', 50)") }
            let kind = await DatabaseError.Kind.thrown { _ = try await database.write { try $0.execute("DELETE FROM owners WHERE id = 50") } }
            #expect(kind == .foreignKeyViolation)
        }
    }

    @Test(arguments: TestEngine.allCases) func `NOT NULL and CHECK refuse a row`(_ engine: TestEngine) async throws {
        let setUp: SQL = "INSERT INTO owners (name) VALUES ('a')"
        #expect(try await error(of: "INSERT INTO owners (name) VALUES (\(String?.none))", after: setUp, on: engine)?.kind == .constraintViolation)
        #expect(try await error(of: "INSERT INTO items (name, count) VALUES ('x', -1)", after: setUp, on: engine)?.kind == .constraintViolation)
    }

    @Test(arguments: TestEngine.allCases) func `an error never shows bound values`(_ engine: TestEngine) async throws {
        let secret = "hunter2"
        let error = try await error(
            of: "INSERT INTO owners (name) VALUES (\(secret))",
            after: "INSERT INTO owners (name) VALUES (\(secret))",
            on: engine
        )
        #expect(error.map { "\($0)" }?.contains(secret) == false)
    }
}
