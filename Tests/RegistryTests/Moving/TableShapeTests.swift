import Foundation
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

@Suite struct TableShapeTests {
    /// The tables that the schema file has: asked in no way that the code under test asks.
    private func written(_ engine: TestEngine) throws -> Set<String> {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/Registry/Migrations/schema.\(engine.rawValue).sql").standardized
        let text = try String(contentsOf: file, encoding: .utf8)
        return Set(
            text.split(separator: "\n").compactMap { line in
                line.hasPrefix("CREATE TABLE ") ? line.dropFirst("CREATE TABLE ".count).split(separator: " ").first.map(String.init) : nil
            }
        )
    }

    @Test(arguments: TestEngine.engines) func `every table of the schema moves, and both engines describe it alike`(engine: TestEngine) async throws {
        let shapes = try await engine.withDatabase(migrations: AllMigrations.list) { try await $0.read { try TableShape.all($0) } }
        // What search finds by is each engine's own, and made anew.
        let moving = try written(engine).filter { !$0.contains("search_") }.subtracting(TableShape.staying)
        #expect(Set(shapes.map(\.name)) == moving)
        #expect(TableShape.staying == ["leases", "schema_migrations"])
        for (place, shape) in shapes.enumerated() {
            for reference in shape.references {
                #expect(shapes[..<place].contains { $0.name == reference.table }, "\(shape.name) comes before \(reference.table)")
            }
        }
        let other = try await (engine == .sqlite ? TestEngine.postgres : .sqlite).withDatabase(migrations: AllMigrations.list) {
            try await $0.read { try TableShape.all($0) }
        }
        #expect(shapes.map(\.columns) == other.map(\.columns))
        #expect(shapes.map(\.key) == other.map(\.key))
        #expect(shapes.map(\.numbered) == other.map(\.numbered))
        #expect(shapes.map { Set($0.references) } == other.map { Set($0.references) })
    }

    @Test(arguments: TestEngine.engines) func `a table that a later migration adds moves too, one without a key is refused`(engine: TestEngine)
        async throws
    {
        try await engine.withDatabase(migrations: AllMigrations.list) { database in
            try await database.write { try $0.execute("CREATE TABLE later (id BIGINT PRIMARY KEY, word TEXT)") }
            let names = try await database.read { try TableShape.all($0).map(\.name) }
            #expect(names.contains("later"))
            try await database.write { try $0.execute("CREATE TABLE loose (word TEXT)") }
            await #expect(throws: DatabaseError.self) { try await database.read { try TableShape.all($0).count } }
        }
    }
}
