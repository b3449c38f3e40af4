import SQLDatabase

/// What tells this index from every other that may share a replica, a bucket or a cache with it by mistake.
enum M0011_IndexIdentity {
    static let migration = Migration(
        11,
        "index-identity",
        [
            "CREATE TABLE index_identity (id TEXT PRIMARY KEY)",
            """
            INSERT INTO index_identity (id)
            VALUES (\(sqlite: "lower(hex(randomblob(16)))", postgres: "replace(CAST(gen_random_uuid() AS TEXT), '-', '')"))
            """,
        ]
    )
}
