// What is found in migrations that would hold people up.

import SQLDatabase
import Testing

struct MigrationLintTests {
    private func rules(_ statements: SQL..., accepting: Set<MigrationLint.Rule> = []) -> [MigrationLint.Rule] {
        MigrationLint.findings(in: [Migration(7, "seventh", accepting: accepting, statements)], from: 7).map(\.rule)
    }

    @Test(arguments: [
        ("CREATE INDEX by_name ON files (name)", MigrationLint.Rule.indexOnExistingTable),
        ("CREATE UNIQUE INDEX IF NOT EXISTS by_name ON files (lower(name))", .indexOnExistingTable),
        ("ALTER TABLE files ADD COLUMN size BIGINT NOT NULL", .newColumnWithoutDefault),
        ("alter table files add column made TEXT DEFAULT clock_timestamp()", .volatileDefault),
        ("ALTER TABLE files ALTER COLUMN size TYPE TEXT", .columnChanged), ("ALTER TABLE files ALTER COLUMN size SET NOT NULL", .columnChanged),
        ("ALTER TABLE files ADD CONSTRAINT positive CHECK (size > 0)", .constraintChecked),
        ("ALTER TABLE files ADD FOREIGN KEY (release_id) REFERENCES releases (id)", .constraintChecked),
        ("ALTER TABLE files ADD COLUMN code TEXT UNIQUE", .constraintChecked), ("ALTER TABLE files DROP COLUMN size", .somethingRemoved),
        ("ALTER TABLE files RENAME TO objects", .somethingRemoved), ("DROP TABLE files", .somethingRemoved),
        ("DROP INDEX by_name", .somethingRemoved), ("UPDATE files SET size = 0", .rowsChanged), ("DELETE FROM files WHERE size = 0", .rowsChanged),
        ("LOCK TABLE files", .tableLocked), ("TRUNCATE files", .tableLocked),
    ])
    func `what would hold up a table that is in use is found, and can be answered for`(text: String, rule: MigrationLint.Rule) {
        #expect(rules(SQL(trusting: text)) == [rule])
        #expect(rules(SQL(trusting: text), accepting: [rule]) == [])
    }

    @Test(arguments: [
        "ALTER TABLE files ADD COLUMN size BIGINT", "ALTER TABLE files ADD COLUMN size BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE files ADD CONSTRAINT positive CHECK (size > 0) NOT VALID", "CREATE TABLE more (id BIGINT REFERENCES files (id))",
        "INSERT INTO counters (name, value) VALUES ('more', 0)",
    ])
    func `what nobody notices passes`(text: String) {
        #expect(rules(SQL(trusting: text)) == [])
    }

    @Test func `a table that the migration makes itself is nobody's yet`() {
        #expect(
            rules(
                "CREATE TABLE IF NOT EXISTS more (id BIGINT)",
                "CREATE INDEX by_id ON more (id)",
                "ALTER TABLE more ADD CONSTRAINT positive CHECK (id > 0)",
                "UPDATE more SET id = 1"
            ) == []
        )
        #expect(MigrationLint.findings(in: [Migration(6, "sixth", ["DROP TABLE files"])], from: 7) == [])
    }
}
