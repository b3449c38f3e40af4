import SQLDatabase

/// People, their addresses, their API tokens, and the organizations that can own projects.
enum M0001_Accounts {
    static let migration = Migration(
        1,
        "accounts",
        [
            """
            CREATE TABLE users (
                id \(.primaryKey),
                uuid TEXT NOT NULL UNIQUE,
                username TEXT NOT NULL,
                folded_username TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                password_hash TEXT,
                is_active BOOLEAN NOT NULL DEFAULT TRUE,
                is_frozen BOOLEAN NOT NULL DEFAULT FALSE,
                is_superuser BOOLEAN NOT NULL DEFAULT FALSE,
                has_second_factor BOOLEAN NOT NULL DEFAULT FALSE,
                created_at \(.timestamp) NOT NULL
            )
            """,
            """
            CREATE TABLE emails (
                id \(.primaryKey),
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                address TEXT NOT NULL,
                folded_address TEXT NOT NULL UNIQUE,
                is_primary BOOLEAN NOT NULL,
                is_verified BOOLEAN NOT NULL,
                is_public BOOLEAN NOT NULL DEFAULT FALSE
            )
            """,
            "CREATE UNIQUE INDEX emails_primary ON emails (user_id) WHERE is_primary",
            "CREATE INDEX emails_user ON emails (user_id)",
            """
            CREATE TABLE api_tokens (
                id TEXT PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                description TEXT NOT NULL,
                caveats TEXT NOT NULL,
                sealed_key \(.bytes) NOT NULL,
                origin TEXT NOT NULL,
                created_at \(.timestamp) NOT NULL,
                last_used_at \(.timestamp),
                UNIQUE (user_id, description)
            )
            """,
            """
            CREATE TABLE organizations (
                id \(.primaryKey),
                name TEXT NOT NULL,
                normalized_name TEXT NOT NULL UNIQUE,
                is_active BOOLEAN NOT NULL DEFAULT TRUE,
                file_size_limit BIGINT,
                total_size_limit BIGINT,
                created_at \(.timestamp) NOT NULL
            )
            """,
        ]
    )
}
