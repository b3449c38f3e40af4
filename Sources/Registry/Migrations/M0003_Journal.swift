import SQLDatabase

/// What happened: the public journal with its serials, and the private security events.
enum M0003_Journal {
    static let migration = Migration(
        3,
        "journal",
        [
            "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
            "INSERT INTO counters (name, value) VALUES ('serial', 0)",
            """
            CREATE TABLE journal (
                serial BIGINT PRIMARY KEY,
                project_name TEXT NOT NULL,
                version TEXT,
                action TEXT NOT NULL,
                submitted_by TEXT,
                submitted_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX journal_project ON journal (project_name, serial)",
            """
            CREATE TABLE events (
                id \(.primaryKey),
                subject_kind TEXT NOT NULL,
                subject_id BIGINT NOT NULL,
                tag TEXT NOT NULL,
                details TEXT NOT NULL,
                address TEXT,
                user_agent TEXT,
                happened_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX events_subject ON events (subject_kind, subject_id, id)",
        ]
    )
}
