import SQLDatabase

/// What users show beside their password (platform §1.9).
enum M0016_SecondFactors {
    static let migration = Migration(
        16,
        "second-factors",
        [
            // Raised with every change of a user's second factors: devices that were remembered before it are strangers again.
            "ALTER TABLE users ADD COLUMN factor_generation BIGINT NOT NULL DEFAULT 0",
            """
            CREATE TABLE authenticator_apps (
                user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                sealed_secret \(.bytes) NOT NULL,
                last_step BIGINT NOT NULL,
                created_at \(.timestamp) NOT NULL
            )
            """,
            """
            CREATE TABLE security_keys (
                id \(.primaryKey),
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                label TEXT NOT NULL,
                credential_id TEXT NOT NULL UNIQUE,
                public_key \(.bytes) NOT NULL,
                sign_count BIGINT NOT NULL,
                is_backup_eligible BOOLEAN NOT NULL,
                is_backed_up BOOLEAN NOT NULL,
                transports TEXT NOT NULL,
                created_at \(.timestamp) NOT NULL,
                last_used_at \(.timestamp),
                UNIQUE (user_id, label)
            )
            """,
            """
            CREATE TABLE recovery_codes (
                code_hash TEXT PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                created_at \(.timestamp) NOT NULL,
                burned_at \(.timestamp)
            )
            """,
            "CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id)",
        ]
    )
}
