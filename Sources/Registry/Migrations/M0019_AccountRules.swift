import SQLDatabase

/// Places and mail domains that are kept out, passwords that were taken away, and who has agreed to which terms (platform §1.1–1.4, §1.15, §1.16).
enum M0019_AccountRules {
    static let migration = Migration(
        19,
        "account-rules",
        [
            // Why nobody logs in with the password any more; it ends when one is set.
            "ALTER TABLE users ADD COLUMN password_disabled_for TEXT",
            """
            CREATE TABLE address_bans (
                place TEXT PRIMARY KEY,
                reason TEXT NOT NULL,
                created_at \(.timestamp) NOT NULL,
                expires_at \(.timestamp)
            )
            """,
            """
            CREATE TABLE prohibited_email_domains (
                domain TEXT PRIMARY KEY,
                reason TEXT NOT NULL,
                created_at \(.timestamp) NOT NULL
            )
            """,
            """
            CREATE TABLE terms_engagements (
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                revision TEXT NOT NULL,
                kind TEXT NOT NULL,
                happened_at \(.timestamp) NOT NULL,
                PRIMARY KEY (user_id, revision, kind)
            )
            """,
        ]
    )
}
