import SQLDatabase

/// Work that one process does at a time (``Lease``), and the way from a classifier to the releases that have it.
enum M0025_Leases {
    static let migration = Migration(
        25,
        "leases",
        // No version before this one was ever given to anybody: no index is large yet.
        accepting: [.indexOnExistingTable],
        [
            """
            CREATE TABLE leases (
                name TEXT PRIMARY KEY,
                holder TEXT NOT NULL,
                held_until \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX release_classifiers_classifier ON release_classifiers (classifier, release_id)",
            // What search finds is made from what was there before.
            """
            INSERT INTO jobs (kind, payload, priority, deduplication_key, run_after, created_at)
            SELECT 'rebuild-search', '{}', 1, 'rebuild-search', 0, 0 FROM projects LIMIT 1
            """,
        ]
    )
}
