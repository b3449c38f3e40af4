import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

/// The current schema is always one readable file for each engine: `make schema` writes it, this keeps it true.
@Suite struct SchemaTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Registry/Migrations")
        .standardized

    @Test(arguments: TestEngine.engines)
    func `the schema file is what the migrations make`(engine: TestEngine) async throws {
        let database = try await engine.makeDatabase(migrations: AllMigrations.list)
        let schema = try await Self.schema(database.database)
        await database.drop()
        let file = Self.folder.appending(path: "schema.\(engine.rawValue).sql")
        if ProcessInfo.processInfo.environment["SCHEMA_UPDATE"] != nil { try Data(schema.utf8).write(to: file) }
        let written = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
        #expect(written == schema, "run make schema")
    }

    // Those before it were made before anybody had a database.
    @Test func `no migration since the eleventh holds up a database that is in use, unless it says why`() {
        #expect(MigrationLint.findings(in: AllMigrations.list, from: 11) == [])
    }

    private static func schema(_ database: any Database) async throws -> String {
        switch database.dialect {
        case .sqlite:
            let rows = try await database.query(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY tbl_name, type DESC, name"
            )
            return try rows.map { try $0["sql", as: String.self] + ";\n" }.joined(separator: "\n")
        case .postgres:
            let columns = try await database.query(
                """
                SELECT c.table_name AS t, '    ' || c.column_name || ' ' || c.data_type || COALESCE(' COLLATE ' || c.collation_name, '')
                    || CASE WHEN c.is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END || COALESCE(' DEFAULT ' || c.column_default, '')
                    || CASE WHEN c.is_identity = 'YES' THEN ' GENERATED ' || c.identity_generation || ' AS IDENTITY' ELSE '' END AS line
                FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name COLLATE "C", c.ordinal_position
                """
            )
            let constraints = try await database.query(
                """
                SELECT conrelid::regclass::text AS t, '    CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) AS line
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY conname COLLATE "C"
                """
            )
            let indexes = try await database.query(
                """
                SELECT indexdef || ';' AS line FROM pg_indexes WHERE schemaname = 'public'
                    AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname COLLATE "C"
                """
            )
            var lines: [String: [String]] = [:]
            for row in columns + constraints { lines[try row["t"], default: []].append(try row["line"]) }
            let tables = lines.keys.sorted().map { "CREATE TABLE \($0) (\n\(lines[$0, default: []].joined(separator: ",\n"))\n);\n" }
            return try tables.joined(separator: "\n") + "\n" + indexes.map { try $0["line", as: String.self] + "\n" }.joined()
        }
    }
}
