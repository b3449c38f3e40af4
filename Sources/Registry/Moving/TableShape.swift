// A table as its database describes it.

package import SQLDatabase

/// Name, columns, key and references of a table, the same whichever engine says it. Nothing that moves an index keeps a list of tables of its own.
package struct TableShape: Sendable, Hashable {
    package enum ValueType: UInt8, Sendable {
        case integer = 1
        case real
        case boolean
        case text
        case blob
    }

    package struct Column: Sendable, Hashable {
        package let name: String
        package let type: ValueType
    }

    /// A foreign key.
    package struct Reference: Sendable, Hashable {
        package let columns: [String]
        package let table: String
        package let targets: [String]
    }

    package let name: String
    /// By name: engines may keep them in different orders.
    package let columns: [Column]
    /// Positions in ``columns``, in the order of the primary key.
    package let key: [Int]
    package let references: [Reference]
    /// The column that the engine numbers.
    package let numbered: String?

    package var keyColumns: [Column] { key.map { columns[$0] } }

    /// What belongs to the place and not to the index: which migrations were applied here, and when; what its processes are at.
    package static let staying: Set<String> = ["schema_migrations", "leases"]

    /// Every table of the index, those that others refer to first.
    ///
    /// - Throws: `DatabaseError`, of kind `schema` for a table that can not be moved.
    package static func all(_ tx: any Connection) throws -> [TableShape] {
        let rows = try tx.execute(tx.dialect == .sqlite ? sqliteColumns : postgresColumns)
        let references = try tx.execute(tx.dialect == .sqlite ? sqliteReferences : postgresReferences)
        var shapes: [String: TableShape] = [:]
        for (table, rows) in Dictionary(grouping: rows, by: { (try? $0["t", as: String.self]) ?? "" }) where !staying.contains(table) {
            shapes[table] = try TableShape(table, rows, try references.filter { try $0["t"] == table })
        }
        return try ordered(shapes)
    }

    private init(_ name: String, _ rows: [Row], _ references: [Row]) throws {
        self.name = name
        let rows = try rows.sorted { try $0["name", as: String.self] < $1["name", as: String.self] }
        columns = try rows.map { Column(name: try $0["name"], type: try Self.type(try $0["type"], of: name)) }
        let places = try rows.enumerated().map { (place: $0, order: try $1["key_order", as: Int?.self]) }
        key = places.filter { $0.order != nil }.sorted { ($0.order ?? 0) < ($1.order ?? 0) }.map(\.place)
        guard !key.isEmpty else { throw DatabaseError(.schema, "The table \(name) has no primary key: it can not be moved.") }
        numbered = try rows.first { try $0["is_numbered", as: Bool.self] }?["name"]
        self.references = try Dictionary(grouping: references) { (try? $0["constraint_name", as: String.self]) ?? "" }.sorted { $0.key < $1.key }
            .map { _, rows in
                Reference(columns: try rows.map { try $0["name"] }, table: try rows[0]["target"], targets: try rows.map { try $0["target_name"] })
            }
    }

    package init(name: String, columns: [Column], key: [Int], references: [Reference] = [], numbered: String? = nil) {
        self.name = name
        self.columns = columns
        self.key = key
        self.references = references
        self.numbered = numbered
    }

    private static func type(_ declared: String, of table: String) throws -> ValueType {
        switch declared.uppercased() {
        case "BIGINT", "INTEGER": .integer
        case "DOUBLE PRECISION", "REAL": .real
        case "BOOLEAN": .boolean
        case "TEXT": .text
        case "BLOB", "BYTEA": .blob
        default: throw DatabaseError(.schema, "The table \(table) has a column of the type \(declared), which can not be moved.")
        }
    }

    private static func ordered(_ shapes: [String: TableShape]) throws -> [TableShape] {
        var ordered: [TableShape] = []
        var left = shapes
        while !left.isEmpty {
            let next = left.values.filter { shape in shape.references.allSatisfy { $0.table == shape.name || left[$0.table] == nil } }
            guard !next.isEmpty else {
                throw DatabaseError(.schema, "Tables refer to each other in a circle: \(left.keys.sorted().joined(separator: ", ")).")
            }
            for shape in next { left[shape.name] = nil }
            ordered += next.sorted { $0.name < $1.name }
        }
        return ordered
    }

    // MARK: What the engines say

    // Tables that search finds by are each engine's own, and made anew from the others.

    private static let sqliteColumns: SQL = """
        SELECT m.name AS t, c.name AS name, c.type AS type, CASE WHEN c.pk > 0 THEN c.pk END AS key_order,
            c.pk > 0 AND m.sql LIKE '%AUTOINCREMENT%' AS is_numbered
        FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND substr(m.name, 1, 7) NOT IN ('sqlite_', 'search_')
        """

    private static let sqliteReferences: SQL = """
        SELECT m.name AS t, CAST(f.id AS TEXT) AS constraint_name, f."from" AS name, f."table" AS target, f."to" AS target_name
        FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY f.id, f.seq
        """

    private static let postgresColumns: SQL = """
        SELECT c.relname AS t, a.attname AS name, format_type(a.atttypid, NULL) AS type,
            (SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place)
                WHERE i.indrelid = c.oid AND i.indisprimary AND k.number = a.attnum) AS key_order,
            a.attidentity <> '' AS is_numbered
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND left(c.relname, 7) <> 'search_'
        """

    private static let postgresReferences: SQL = """
        SELECT t.relname AS t, o.conname AS constraint_name, a.attname AS name, f.relname AS target, b.attname AS target_name
        FROM pg_constraint o JOIN pg_class t ON t.oid = o.conrelid JOIN pg_class f ON f.oid = o.confrelid
        CROSS JOIN LATERAL unnest(o.conkey, o.confkey) WITH ORDINALITY AS k(here, there, place)
        JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.here
        JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = k.there
        WHERE o.contype = 'f' AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
        ORDER BY o.conname, k.place
        """
}
