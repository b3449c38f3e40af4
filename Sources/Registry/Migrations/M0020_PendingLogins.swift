import SQLDatabase

/// Logins from a place that the user has not come from before, until its mail is answered (platform §1.9).
enum M0020_PendingLogins {
    static let migration = Migration(
        20,
        "pending-logins",
        [
            """
            CREATE TABLE pending_logins (
                id TEXT PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                address TEXT NOT NULL,
                user_agent TEXT,
                factor TEXT NOT NULL,
                recovery_code TEXT,
                next TEXT,
                password_set_at BIGINT NOT NULL,
                created_at \(.timestamp) NOT NULL,
                expires_at \(.timestamp) NOT NULL,
                UNIQUE (user_id, address)
            )
            """,
            "CREATE INDEX pending_logins_by_expiry ON pending_logins (expires_at)",
        ]
    )
}
