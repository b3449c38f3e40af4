import SQLDatabase

/// Known weaknesses of releases (index §3.7, platform §10), and what finds releases by their classifiers.
enum M0024_Vulnerabilities {
    static let migration = Migration(
        24,
        "vulnerabilities",
        // No version before this one was ever given to anybody: no index is large yet.
        accepting: [.indexOnExistingTable],
        [
            """
            CREATE TABLE vulnerabilities (
                id \(.primaryKey),
                source TEXT NOT NULL,
                identifier TEXT NOT NULL,
                link TEXT,
                aliases TEXT NOT NULL,
                details TEXT,
                summary TEXT,
                fixed_in TEXT NOT NULL,
                withdrawn_at \(.timestamp),
                recorded_at \(.timestamp) NOT NULL,
                UNIQUE (source, identifier)
            )
            """,
            """
            CREATE TABLE release_vulnerabilities (
                release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
                vulnerability_id BIGINT NOT NULL REFERENCES vulnerabilities (id) ON DELETE CASCADE,
                PRIMARY KEY (release_id, vulnerability_id)
            )
            """,
            "CREATE INDEX release_vulnerabilities_vulnerability ON release_vulnerabilities (vulnerability_id)",
            "CREATE INDEX release_classifiers_classifier ON release_classifiers (classifier, release_id)",
        ]
    )
}
