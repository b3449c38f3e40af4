import SQLDatabase

/// From where each user has logged in before (platform §1.8): who comes from there again is no stranger.
enum M0015_KnownLogins {
    static let migration = Migration(
        15,
        "known-logins",
        [
            """
            CREATE TABLE known_logins (
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                address TEXT NOT NULL,
                is_confirmed BOOLEAN NOT NULL,
                expires_at \(.timestamp) NOT NULL,
                PRIMARY KEY (user_id, address)
            )
            """
        ]
    )
}
