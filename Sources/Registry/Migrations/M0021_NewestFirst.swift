import SQLDatabase

/// What is newest, for feeds (index §5.1).
enum M0021_NewestFirst {
    static let migration = Migration(
        21,
        "newest-first",
        // No version before this one was ever given to anybody: no index is large yet.
        accepting: [.indexOnExistingTable],
        [
            "CREATE INDEX releases_by_time ON releases (created_at, id)",
            "CREATE INDEX projects_by_time ON projects (created_at, id)",
        ]
    )
}
