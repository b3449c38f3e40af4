import SQLDatabase

/// Who is logged in where, and what a session has to be compared with.
///
/// A session is found by the hash of what its browser holds: who reads the table can not be anybody.
enum M0014_Sessions {
    static let migration = Migration(
        14,
        "sessions",
        [
            """
            CREATE TABLE sessions (
                id_hash TEXT PRIMARY KEY,
                user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
                data TEXT NOT NULL,
                expires_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX sessions_by_user ON sessions (user_id)",
            "CREATE INDEX sessions_by_time ON sessions (expires_at)",
            "ALTER TABLE users ADD COLUMN password_set_at \(.timestamp) NOT NULL DEFAULT 0",
            "ALTER TABLE users ADD COLUMN last_login_at \(.timestamp)",
        ]
    )
}
