import SQLDatabase

/// Which links and addresses of a release the index vouches for.
enum M0006_VerifiedLinks {
    static let migration = Migration(
        6,
        "verified-links",
        [
            "ALTER TABLE releases ADD COLUMN home_page_verified BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE releases ADD COLUMN download_url_verified BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE releases ADD COLUMN author_email_verified BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE releases ADD COLUMN maintainer_email_verified BOOLEAN NOT NULL DEFAULT FALSE",
        ]
    )
}
