import SQLDatabase

/// Work that one process does at a time (``Lease``).
enum M0025_Leases {
    static let migration = Migration(
        25,
        "leases",
        [
            """
            CREATE TABLE leases (
                name TEXT PRIMARY KEY,
                holder TEXT NOT NULL,
                held_until \(.timestamp) NOT NULL
            )
            """,
            // What search finds is made from what was there before.
            """
            INSERT INTO jobs (kind, payload, priority, deduplication_key, run_after, created_at)
            SELECT 'rebuild-search', '{}', 1, 'rebuild-search', 0, 0 FROM projects LIMIT 1
            """,
        ]
    )
}
