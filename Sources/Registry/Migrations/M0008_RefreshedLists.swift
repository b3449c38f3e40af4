import SQLDatabase

/// Lists of identifiers that are newer than those the program was built with.
enum M0008_RefreshedLists {
    static let migration = Migration(
        8,
        "refreshed-lists",
        [
            "CREATE TABLE refreshed_lists (name TEXT PRIMARY KEY, source TEXT NOT NULL, body TEXT NOT NULL, refreshed_at \(.timestamp) NOT NULL)",
            // Raised with every change, so that every process sees with one small read that it must read again.
            "INSERT INTO counters (name, value) VALUES ('refreshed-lists', 0)",
        ]
    )
}
