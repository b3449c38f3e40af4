import SQLDatabase

/// How often files were fetched (``Downloads``).
enum M0027_Downloads {
    static let migration = Migration(
        27,
        "downloads",
        [
            // A row for each value of each dimension by itself: their combinations would be without end.
            """
            CREATE TABLE downloads (
                project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                period TEXT NOT NULL,
                dimension TEXT NOT NULL,
                value TEXT NOT NULL,
                count BIGINT NOT NULL,
                PRIMARY KEY (project_id, period, dimension, value)
            ) \(sqlite: "WITHOUT ROWID", postgres: "")
            """,
            "CREATE INDEX downloads_by_day ON downloads (period, project_id) WHERE LENGTH(period) = 10",
        ]
    )
}
