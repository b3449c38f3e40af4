import SQLDatabase

/// Which mails went out: what was said to whom and when, never in which words.
enum M0017_SentMails {
    static let migration = Migration(
        17,
        "sent-mails",
        [
            """
            CREATE TABLE sent_mails (
                id \(.primaryKey),
                kind TEXT NOT NULL,
                user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
                recipient TEXT NOT NULL,
                sent_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX sent_mails_by_recipient ON sent_mails (recipient, kind, sent_at)",
            "CREATE INDEX sent_mails_by_user ON sent_mails (user_id)",
        ]
    )
}
