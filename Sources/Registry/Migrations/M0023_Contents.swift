import SQLDatabase

/// What is inside of files (``Contents``): made from the files by a job, and made anew when a later version knows more.
///
/// Some columns repeat what the summary says, for pages that show only this and would else have to decode it.
enum M0023_Contents {
    static let migration = Migration(
        23,
        "contents",
        [
            """
            CREATE TABLE file_contents (
                file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
                format BIGINT NOT NULL,
                fault TEXT,
                summary \(.bytes),
                installed_size BIGINT NOT NULL DEFAULT 0,
                member_count BIGINT NOT NULL DEFAULT 0,
                typing TEXT NOT NULL DEFAULT 'none',
                commands TEXT NOT NULL DEFAULT '[]',
                import_names TEXT NOT NULL DEFAULT '[]',
                license_paths TEXT NOT NULL DEFAULT '[]',
                made_at \(.timestamp) NOT NULL
            )
            """
        ]
    )
}
