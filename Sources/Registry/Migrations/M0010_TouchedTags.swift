import SQLDatabase

/// Which cached pages each commit made stale.
enum M0010_TouchedTags {
    static let migration = Migration(
        10,
        "touched-tags",
        [
            "CREATE TABLE touched_tags (number BIGINT PRIMARY KEY, tags TEXT NOT NULL, process TEXT NOT NULL, touched_at \(.timestamp) NOT NULL)",
            "INSERT INTO counters (name, value) VALUES ('touched-tags', 0)",
        ]
    )
}
