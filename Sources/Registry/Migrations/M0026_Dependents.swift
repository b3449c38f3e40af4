import SQLDatabase

/// Which projects need which: of each, what the release needs that stands for it (``Dependents``). All of it is made from other tables.
enum M0026_Dependents {
    static let migration = Migration(
        26,
        "dependents",
        [
            """
            CREATE TABLE dependents (
                dependency TEXT \(sqlite: "", postgres: "COLLATE \"C\"") NOT NULL,
                dependent TEXT \(sqlite: "", postgres: "COLLATE \"C\"") NOT NULL,
                specifier TEXT NOT NULL,
                is_optional BOOLEAN NOT NULL,
                PRIMARY KEY (dependency, dependent)
            ) \(sqlite: "WITHOUT ROWID", postgres: "")
            """,
            "CREATE INDEX dependents_by_dependent ON dependents (dependent, dependency)",
        ]
    )
}
