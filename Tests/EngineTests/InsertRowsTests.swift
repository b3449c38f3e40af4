import SQLDatabase
import TestSupport
import Testing

@Suite struct InsertRowsTests {
    @Test(arguments: TestEngine.allCases) func `rows of any number arrive, each once`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            var expected: Set<String> = []
            for count in [0, 1, 2, 3, 17, 600, 1300] {
                let names = (0..<count).map { "\(count)-\($0)" }
                expected.formUnion(names)
                let returned = try await database.write { tx in
                    let rows = names.enumerated().map { [$1.sqlValue, Int64($0).sqlValue] }
                    return try tx.insertRows("INSERT INTO items (name, count) VALUES", rows, returning: "RETURNING name, count").map(\.values)
                }
                #expect(Set(returned) == Set(names.enumerated().map { [.text($1), .integer(Int64($0))] }))
                #expect(returned.count == count)
            }
            let found = try await database.query("SELECT name FROM items").map { try $0[at: 0, as: String.self] }
            #expect(found.count == expected.count)
            #expect(Set(found) == expected)
        }
    }

    @Test(arguments: TestEngine.allCases) func `a row that is refused takes all of them back`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema) { database in
            let kind = await DatabaseError.Kind.thrown {
                try await database.write { tx in
                    try tx.insertRows("INSERT INTO owners (name) VALUES", (0..<100).map { ["\($0 % 99)".sqlValue] })
                }
            }
            #expect(kind == .uniqueViolation)
            let left = try await database.query("SELECT name FROM owners")
            #expect(left.isEmpty)
        }
    }
}
