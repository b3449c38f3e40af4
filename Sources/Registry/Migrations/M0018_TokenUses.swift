import SQLDatabase

/// From where, and with what, an API token was last used.
enum M0018_TokenUses {
    static let migration = Migration(
        18,
        "token-uses",
        [
            "ALTER TABLE api_tokens ADD COLUMN last_used_address TEXT",
            "ALTER TABLE api_tokens ADD COLUMN last_used_agent TEXT",
        ]
    )
}
