// A place where an index arrives.

import SQLDatabase

/// Makes sure that a database may become an index: that it is empty, or that the same index was on its way into it already.
struct Landing: Sendable {
    let database: any Database
    let index: String
    let now: Int64

    /// Brings the schema to the version of what arrives, and closes the place until all is there.
    ///
    /// - Throws: ``BackupFault`` when something else is there; `DatabaseError` of kind `schema` when its schema is newer than this program.
    func prepare(schemaVersion: Int) async throws {
        let steps = AllMigrations.list
        guard schemaVersion <= steps.last?.id ?? 0 else {
            throw BackupFault("it has schema version \(schemaVersion), newer than this program knows: use a newer version of Emporium")
        }
        let pending = try await Migrator(steps).pending(database)
        if pending.count < steps.count {
            try await refuseOthers()
            let version: Int = try await database.query("SELECT MAX(id) FROM schema_migrations")[0][at: 0]
            guard version <= schemaVersion else {
                throw BackupFault(
                    "the database has schema version \(version) already, and what arrives has \(schemaVersion): give it an empty database"
                )
            }
        }
        try await Migrator(steps.filter { $0.id <= schemaVersion }).migrate(database, now: now)
        try await database.write { [index] tx in
            try tx.freeze.set(.arriving)
            try tx.execute("DELETE FROM index_identity")
            try tx.execute("INSERT INTO index_identity (id) VALUES (\(index))")
        }
    }

    /// - Throws: ``BackupFault`` when something else is there.
    func refuseOthersIfAny() async throws {
        let steps = AllMigrations.list
        if try await Migrator(steps).pending(database).count < steps.count { try await refuseOthers() }
    }

    private func refuseOthers() async throws {
        let (identity, state, isUsed) = try await database.read { [now] tx in
            let isUsed = try ["users", "projects", "files", "journal", "api_tokens"].contains { table in
                try !tx.execute(SQL(trusting: "SELECT 1 AS found FROM \(table) LIMIT 1")).isEmpty
            }
            let identity: String? = try tx.execute("SELECT id FROM index_identity").first?[at: 0]
            return (identity, try tx.freeze.state(now: now), isUsed)
        }
        if state == .arriving {
            guard identity == index else { throw BackupFault("another index is on its way into this database: give it an empty one") }
            return
        }
        guard identity != index else { throw BackupFault("the database holds this index already, and it is in use") }
        if isUsed { throw BackupFault("the database holds another index: give it an empty database") }
    }

    /// Brings the schema up to date, lets everybody in, and makes processes that looked at the place before forget what they saw.
    func open(_ migrate: Bool = true) async throws {
        if migrate { try await Migrator(AllMigrations.list).migrate(database, now: now) }
        let caches = PageCaches()
        try await database.write { tx in try tx.freeze.set(.open) }
        try await TaggingDatabase(database, caches: caches, now: { [now] in now }).write { [now] tx in
            try tx.touch(.everything)
            try tx.enqueueReindexing(of: [.everything], now: now)
        }
    }
}
