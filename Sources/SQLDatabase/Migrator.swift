// Applies migrations under a lock.

/// Brings a schema up to date, whoever comes first: several processes may start at once.
public struct Migrator: Sendable {
    let migrations: [Migration]

    /// - Parameter migrations: all of them, in order of their ids.
    public init(_ migrations: [Migration]) {
        precondition(zip(migrations, migrations.dropFirst()).allSatisfy { $0.id < $1.id }, "migrations must be in order of their ids")
        self.migrations = migrations
    }

    /// Applies what is missing, in one transaction.
    ///
    /// - Parameter now: microseconds since 1970, noted beside each migration.
    /// - Returns: the names of the migrations applied.
    /// - Throws: ``DatabaseError``; of kind `schema` when the database has migrations that this program does not know.
    @discardableResult
    public func migrate(_ database: any Database, now: Int64) async throws -> [String] {
        try await database.write { tx in
            // SQLite's write transactions exclude each other already.
            if tx.dialect == .postgres {
                // The first one may need longer than any ordinary statement; the others wait for it, however long that takes.
                try tx.execute("SET LOCAL statement_timeout = 0")
                try tx.execute("SET LOCAL lock_timeout = 0")
                try tx.execute("SELECT pg_advisory_xact_lock(7239411920)")
                // A step that waits for a table makes everybody else wait behind it.
                try tx.execute("SET LOCAL lock_timeout TO DEFAULT")
            }
            try tx.execute(
                "CREATE TABLE IF NOT EXISTS schema_migrations (id BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at \(.timestamp) NOT NULL)"
            )
            let pending = try pending(tx)
            for migration in pending {
                // A statement for one engine only is empty on the other.
                for statement in migration.statements where !statement.rendered(for: tx.dialect).text.isEmpty { try tx.execute(statement) }
                try tx.execute("INSERT INTO schema_migrations (id, name, applied_at) VALUES (\(migration.id), \(migration.name), \(now))")
            }
            return pending.map(\.name)
        }
    }

    /// The names of the migrations that are still missing.
    ///
    /// - Throws: as ``migrate(_:now:)``.
    public func pending(_ database: any Database) async throws -> [String] {
        try await database.read { tx in
            let exists =
                switch tx.dialect {
                case .sqlite: try !tx.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").isEmpty
                case .postgres: try !tx.execute("SELECT 1 FROM pg_class WHERE oid = to_regclass('schema_migrations')").isEmpty
                }
            return try exists ? pending(tx).map(\.name) : migrations.map(\.name)
        }
    }

    private func pending(_ tx: any Connection) throws -> [Migration] {
        let applied = try Set(tx.execute("SELECT id FROM schema_migrations").map { try $0["id", as: Int.self] })
        if let unknown = applied.subtracting(migrations.map(\.id)).max() {
            throw DatabaseError(
                .schema,
                "The database has schema version \(unknown), newer than this program knows (\(migrations.last?.id ?? 0)). Start the newer version of Emporium again."
            )
        }
        return migrations.filter { !applied.contains($0.id) }
    }
}
